package io.ullage.spill.internal.store;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * One piece of locked memory, filled from front to back by the spilling thread of one queue and
 * emptied by its fetching thread. The count of live bytes is guarded by the slab's monitor.
 */
final class PinnedSlab {
  private final Arena arena;
  private final MemorySegment memory;
  private long position;
  private long liveBytes;
  private boolean sealed;

  PinnedSlab(Arena arena, MemorySegment memory) {
    this.arena = arena;
    this.memory = memory;
  }

  MemorySegment memory() {
    return memory;
  }

  long capacityBytes() {
    return memory.byteSize();
  }

  /** Takes room behind what was taken last; returns the position, or −1 when there is none. */
  synchronized long take(long bytes) {
    if (sealed || capacityBytes() - position < bytes) {
      return -1;
    }
    long at = position;
    position += bytes;
    liveBytes += bytes;
    return at;
  }

  /** Says that bytes were consumed; returns whether the slab is sealed and empty. */
  synchronized boolean consume(long bytes) {
    liveBytes -= bytes;
    if (liveBytes == 0 && !sealed) {
      position = 0;
    }
    return sealed && liveBytes == 0 && bytes > 0;
  }

  /** Says that nothing more will be put here; returns whether the slab is empty. */
  synchronized boolean seal() {
    sealed = true;
    return liveBytes == 0;
  }

  synchronized void reopen() {
    sealed = false;
    liveBytes = 0;
    position = 0;
  }

  void free() {
    arena.close();
  }
}
