package io.ullage.spill.internal.queue;

import io.ullage.alloc.DetachedSegment;
import io.ullage.spill.WhenFull;
import java.util.ArrayList;
import java.util.List;

/**
 * Decides what becomes of an offer while the store takes nothing and the policy wants to spill.
 *
 * <p>Both methods run under the queue's lock, and again after each short wait.
 */
final class Admission {
  private final QueueEngine engine;
  private final WhenFull whenFull;

  Admission(QueueEngine engine) {
    this.engine = engine;
    this.whenFull = engine.settings().whenFull();
  }

  /**
   * Whether an offer may go on to the memory gate.
   *
   * @param bytes what it offers
   * @param dropped takes entries that were dropped and must be discarded after the lock
   * @param timeIsUp whether it cannot wait any longer
   * @return false to wait
   */
  boolean admits(long bytes, List<DetachedSegment> dropped, boolean timeIsUp) {
    if (whenFull == WhenFull.KEEP_RESIDENT
        || !engine.health().takesNothing()
        || !engine.wantsToSpill()) {
      return true;
    }
    if (whenFull == WhenFull.DROP_OLDEST) {
      return engine.dropOldest(bytes, dropped) || timeIsUp;
    }
    if (whenFull == WhenFull.FAIL || timeIsUp) {
      throw unavailable();
    }
    return false;
  }

  /** An offer found no memory: says so by the store's failure if that is why, or makes room. */
  void memoryRefused(long bytes) {
    if (!engine.health().takesNothing()) {
      return;
    }
    switch (whenFull) {
      case FAIL, KEEP_RESIDENT -> throw unavailable();
      case DROP_OLDEST -> {
        List<DetachedSegment> dropped = new ArrayList<>();
        engine.dropOldest(bytes, dropped);
        dropped.forEach(DetachedSegment::discard);
      }
      default -> {
        // Waits at the gate.
      }
    }
  }

  private RuntimeException unavailable() {
    return engine.health().unavailable();
  }
}
