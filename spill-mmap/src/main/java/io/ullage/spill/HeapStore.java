package io.ullage.spill;

import io.ullage.core.ComponentToken;
import io.ullage.spill.internal.store.MemoryCharge;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A store in the Java heap: for tests, as the simplest example of a store, and below a compressing
 * store for compression in memory. Thread-safe.
 */
public final class HeapStore implements SpillStore {
  private final MemoryCharge charge;
  private volatile boolean closed;

  /** Makes an empty store that charges nobody. */
  public HeapStore() {
    this.charge = MemoryCharge.ofNobody();
  }

  /**
   * Makes an empty store whose bytes count as memory of a component. At its limit the store is
   * full.
   *
   * @param token who is charged for what the store holds
   */
  public HeapStore(ComponentToken token) {
    this.charge = MemoryCharge.of(token);
  }

  @Override
  public SpillSession open(long queueId) {
    if (closed) {
      throw new IllegalStateException("the store is closed");
    }
    return new HeapSession();
  }

  @Override
  public StoreUsage usage() {
    return new StoreUsage(0, 0, charge.bytes());
  }

  @Override
  public void close() {
    closed = true;
    charge.close();
  }

  private record HeapRun(int takenEntries, Deque<byte[]> entries) implements SpilledRun {}

  private final class HeapSession implements SpillSession {
    @Override
    public SpilledRun spill(SpillBatch batch) throws IOException {
      checkOpen();
      charge.add(batch.payloadBytes());
      Deque<byte[]> entries = new ArrayDeque<>(batch.count());
      for (int i = 0; i < batch.count(); i++) {
        entries.add(batch.entry(i).toArray(ValueLayout.JAVA_BYTE));
      }
      return new HeapRun(batch.count(), entries);
    }

    @Override
    public int fetch(SpilledRun run, FetchTarget target) throws IOException {
      checkOpen();
      Deque<byte[]> entries = ((HeapRun) run).entries();
      int committed = 0;
      for (byte[] entry = entries.peek(); entry != null; entry = entries.peek()) {
        MemorySegment memory = target.next(entry.length);
        if (memory == null) {
          break;
        }
        memory.copyFrom(MemorySegment.ofArray(entry));
        target.commit();
        discardFirst(run, 1);
        committed++;
      }
      return committed;
    }

    @Override
    public long discardFirst(SpilledRun run, int entries) {
      Deque<byte[]> left = ((HeapRun) run).entries();
      long bytes = 0;
      for (int i = 0; i < entries && !left.isEmpty(); i++) {
        bytes += left.remove().length;
      }
      charge.subtract(bytes);
      return bytes;
    }

    @Override
    public void release(SpilledRun run) {
      discardFirst(run, Integer.MAX_VALUE);
    }

    @Override
    public void close() {
      // The queue released its runs before.
    }

    private void checkOpen() throws IOException {
      if (closed) {
        throw new IOException("the store is closed");
      }
    }
  }
}
