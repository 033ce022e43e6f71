package io.ullage.spill.internal.store;

import io.ullage.spill.FetchTarget;
import io.ullage.spill.SpillBatch;
import io.ullage.spill.SpillSession;
import io.ullage.spill.SpilledRun;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One queue's use of locked memory. The set of slabs is guarded by this object's monitor. */
final class PinnedSession implements SpillSession {
  private final PinnedSlabs slabs;
  private final Set<PinnedSlab> held = new HashSet<>();
  private @Nullable PinnedSlab current;

  PinnedSession(PinnedSlabs slabs) {
    this.slabs = slabs;
  }

  private static final class Run implements SpilledRun {
    private final PinnedSlab slab;
    private final EntrySizes sizes;
    private long position;
    private int index;

    Run(PinnedSlab slab, long position, EntrySizes sizes) {
      this.slab = slab;
      this.position = position;
      this.sizes = sizes;
    }

    @Override
    public int takenEntries() {
      return sizes.count();
    }
  }

  @Override
  public SpilledRun spill(SpillBatch batch) throws IOException {
    checkOpen();
    PinnedSlab slab = current;
    long position = slab == null ? -1 : slab.take(batch.payloadBytes());
    if (slab == null || position < 0) {
      slab = next(batch.payloadBytes());
      position = slab.take(batch.payloadBytes());
    }
    long at = position;
    for (int i = 0; i < batch.count(); i++) {
      MemorySegment.copy(batch.entry(i), 0, slab.memory(), at, batch.byteSize(i));
      at += batch.byteSize(i);
    }
    return new Run(slab, position, new EntrySizes(batch));
  }

  private PinnedSlab next(long leastBytes) throws IOException {
    PinnedSlab next = slabs.acquire(leastBytes);
    PinnedSlab full;
    synchronized (this) {
      held.add(next);
      full = current;
      current = next;
    }
    if (full != null && full.seal()) {
      giveBack(full);
    }
    return next;
  }

  @Override
  public int fetch(SpilledRun spilled, FetchTarget target) throws IOException {
    checkOpen();
    Run run = (Run) spilled;
    int committed = 0;
    while (run.index < run.sizes.count()) {
      long bytes = run.sizes.byteSize(run.index);
      MemorySegment memory = target.next(bytes);
      if (memory == null) {
        break;
      }
      MemorySegment.copy(run.slab.memory(), run.position, memory, 0, bytes);
      target.commit();
      step(run);
      committed++;
    }
    return committed;
  }

  private long step(Run run) {
    long bytes = run.sizes.byteSize(run.index);
    run.position += bytes;
    run.index++;
    if (run.slab.consume(bytes)) {
      giveBack(run.slab);
    }
    return bytes;
  }

  @Override
  public long discardFirst(SpilledRun spilled, int entries) {
    Run run = (Run) spilled;
    long bytes = 0;
    for (int i = 0; i < entries && run.index < run.sizes.count(); i++) {
      bytes += step(run);
    }
    return bytes;
  }

  @Override
  public void release(SpilledRun spilled) {
    discardFirst(spilled, Integer.MAX_VALUE);
  }

  private void giveBack(PinnedSlab slab) {
    boolean ours;
    synchronized (this) {
      ours = held.remove(slab);
    }
    if (ours) {
      slabs.recycle(slab);
    }
  }

  private void checkOpen() throws IOException {
    if (slabs.isClosed()) {
      throw new IOException("the store is closed");
    }
  }

  @Override
  public void close() {
    Set<PinnedSlab> rest;
    synchronized (this) {
      rest = Set.copyOf(held);
      held.clear();
      current = null;
    }
    for (PinnedSlab slab : rest) {
      slab.seal();
      slabs.recycle(slab);
    }
  }
}
