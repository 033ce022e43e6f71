package io.ullage.spill;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicLong;

/** A store in the Java heap: for tests, and as the simplest example of a store. Thread-safe. */
public final class HeapStore implements SpillStore {
  private final AtomicLong memoryBytes = new AtomicLong();
  private volatile boolean closed;

  /** Makes an empty store. */
  public HeapStore() {}

  @Override
  public SpillSession open(long queueId) {
    if (closed) {
      throw new IllegalStateException("the store is closed");
    }
    return new HeapSession();
  }

  @Override
  public StoreUsage usage() {
    return new StoreUsage(0, 0, memoryBytes.get());
  }

  @Override
  public void close() {
    closed = true;
  }

  private record HeapRun(int takenEntries, Deque<byte[]> entries) implements SpilledRun {}

  private final class HeapSession implements SpillSession {
    @Override
    public SpilledRun spill(SpillBatch batch) throws IOException {
      if (closed) {
        throw new IOException("the store is closed");
      }
      Deque<byte[]> entries = new ArrayDeque<>(batch.count());
      for (int i = 0; i < batch.count(); i++) {
        entries.add(batch.entry(i).toArray(ValueLayout.JAVA_BYTE));
      }
      memoryBytes.addAndGet(batch.payloadBytes());
      return new HeapRun(batch.count(), entries);
    }

    @Override
    public int fetch(SpilledRun run, FetchTarget target) throws IOException {
      if (closed) {
        throw new IOException("the store is closed");
      }
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
    public void discardFirst(SpilledRun run, int entries) {
      Deque<byte[]> left = ((HeapRun) run).entries();
      for (int i = 0; i < entries && !left.isEmpty(); i++) {
        memoryBytes.addAndGet(-left.remove().length);
      }
    }

    @Override
    public void release(SpilledRun run) {
      discardFirst(run, Integer.MAX_VALUE);
    }

    @Override
    public void close() {
      // The queue released its runs before.
    }
  }
}
