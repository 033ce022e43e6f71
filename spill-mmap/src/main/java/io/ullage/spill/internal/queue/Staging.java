package io.ullage.spill.internal.queue;

import io.ullage.alloc.PooledSegment;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * The private memory into which entries are copied before they are written, so that a reader can
 * take them whatever the disk is doing. Charged to the queue's component. Confined to the spilling
 * thread.
 */
final class Staging {
  /**
   * 1 MiB and some gaps: large enough that a write call's cost vanishes, small enough to stay in
   * the second-level cache.
   */
  private static final long LARGEST_USUAL_BYTES = (1 << 20) + (16 << 10);

  private static final long SMALLEST_BYTES = 64 << 10;

  /** Of the limit, so that a queue with little memory keeps most of it for entries. */
  private static final int SHARE_OF_LIMIT = 16;

  private final QueueSettings settings;
  private final MemoryGate gate;
  private @Nullable PooledSegment held;

  Staging(QueueSettings settings, MemoryGate gate) {
    this.settings = settings;
    this.gate = gate;
  }

  /** Returns how many bytes a batch of several entries may take. */
  long usualBytes() {
    long share = gate.headroom().limitBytes() / SHARE_OF_LIMIT;
    return Math.max(SMALLEST_BYTES, Math.min(share, LARGEST_USUAL_BYTES));
  }

  /**
   * Returns memory of at least this size, or null when it cannot be had or would be more than twice
   * the usual share.
   */
  @Nullable MemorySegment frame(long bytes) {
    PooledSegment current = held;
    if (current != null && current.byteSize() >= bytes) {
      return current.segment();
    }
    long usual = usualBytes();
    if (bytes > Math.max(usual, gate.headroom().limitBytes() / SHARE_OF_LIMIT)) {
      return null;
    }
    close();
    PooledSegment acquired = acquire(Math.max(Math.min(roundedUp(bytes), usual), bytes));
    if (acquired == null) {
      acquired = acquire(bytes);
    }
    held = acquired;
    return acquired == null ? null : acquired.segment();
  }

  /** A hundred queues that spill a little must not hold a hundred MiB for it. */
  private static long roundedUp(long bytes) {
    return Math.max(SMALLEST_BYTES, 2 * Long.highestOneBit(bytes));
  }

  /** Leaves what is set aside: spilling can do without copies, fetching not without memory. */
  private @Nullable PooledSegment acquire(long bytes) {
    return gate.tryTake(
        bytes + gate.setAsideBytes(), () -> settings.pool().acquire(settings.token(), bytes));
  }

  boolean isHeld() {
    return held != null;
  }

  void close() {
    PooledSegment current = held;
    if (current != null) {
      held = null;
      current.close();
    }
  }
}
