package io.ullage.spill.internal.queue;

import io.ullage.alloc.DetachedSegment;
import io.ullage.alloc.PooledSegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Memory set aside so that a spilled entry can always come back: as large as the largest entry that
 * was spilled, kept from the memory that spilling freed.
 *
 * <p>Without it a full disk and a full memory together would lock the queue: nothing can be spilled
 * to make room for the entry that the reader waits for. When it was used, it is the first thing
 * that freed memory goes to: writers wait until it is there again. Guarded by the queue's lock.
 */
final class Landing {
  private final MemoryGate gate;
  private @Nullable DetachedSegment held;
  private long takenBytes;
  private long neededBytes;

  Landing(MemoryGate gate) {
    this.gate = gate;
  }

  /**
   * Keeps the largest of freed entries if it is larger than what is held, in exchange for that; or,
   * where memory is missing, if it is as large as what was taken: less would not bring back what
   * else is spilled.
   */
  void exchange(List<DetachedSegment> freed) {
    DetachedSegment before = held;
    int largest = -1;
    long least = before == null ? takenBytes : before.byteSize() + 1;
    for (int i = 0; i < freed.size(); i++) {
      if (freed.get(i).byteSize() >= least) {
        largest = i;
        least = freed.get(i).byteSize() + 1;
      }
    }
    if (largest >= 0) {
      DetachedSegment kept = freed.get(largest);
      if (before == null) {
        freed.remove(largest);
      } else {
        freed.set(largest, before);
      }
      hold(kept);
    }
  }

  /** Takes what is held if it is large enough. */
  @Nullable DetachedSegment take(long bytes) {
    DetachedSegment taken = held;
    if (taken == null || taken.byteSize() < bytes) {
      return null;
    }
    held = null;
    takenBytes = taken.byteSize();
    neededBytes = taken.chargedBytes();
    gate.setAside(neededBytes);
    return taken;
  }

  /** Gives up what is held, because nothing is spilled any more. */
  @Nullable DetachedSegment giveUp() {
    DetachedSegment taken = held;
    held = null;
    takenBytes = 0;
    neededBytes = 0;
    gate.setAside(0);
    return taken;
  }

  /** {@return how many bytes are missing} 0 when it is there, or not needed */
  long missingBytes() {
    return neededBytes;
  }

  void hold(DetachedSegment segment) {
    held = segment;
    takenBytes = 0;
    neededBytes = 0;
    gate.setAside(0);
  }

  /** Opens the first bytes of what was held as a buffer of their own. */
  static PooledSegment open(DetachedSegment landing, long bytes) {
    PooledSegment whole = landing.attach();
    if (whole.byteSize() == bytes) {
      return whole;
    }
    try {
      return whole.slice(0, bytes);
    } finally {
      whole.close();
    }
  }
}
