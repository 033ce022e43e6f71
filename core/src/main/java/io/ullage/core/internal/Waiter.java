package io.ullage.core.internal;

import java.util.Set;
import java.util.concurrent.locks.Condition;

/** One thread that waits for room. All under the lock of {@link BudgetTree}. */
final class Waiter {
  private final BudgetLevel level;
  private final long bytes;
  private final Condition signal;
  private State state = State.WAITING;

  Waiter(BudgetLevel level, long bytes, Condition signal) {
    this.level = level;
    this.bytes = bytes;
    this.signal = signal;
  }

  BudgetLevel level() {
    return level;
  }

  long bytes() {
    return bytes;
  }

  Condition signal() {
    return signal;
  }

  State state() {
    return state;
  }

  /** Ends the waiting and wakes the thread. */
  void end(State how) {
    state = how;
    signal.signal();
  }

  /** Whether somebody who came earlier waits for room at one of our levels. */
  boolean standsBehind(Set<BudgetLevel> taken) {
    if (taken.isEmpty()) {
      return false;
    }
    for (BudgetLevel l = level; l != null; l = l.parent()) {
      if (taken.contains(l)) {
        return true;
      }
    }
    return false;
  }

  /** How far a waiter got. */
  enum State {
    /** Still in the queue. */
    WAITING,
    /** Its bytes are granted, and not counted yet. */
    GRANTED,
    /** Its component was closed. */
    CLOSED
  }
}
