package io.ullage.lease;

import org.jspecify.annotations.Nullable;

/**
 * One run of work on the thread that called; interrupted at most once, by whoever fires first, and
 * never after the work has ended.
 */
final class WorkflowRun {
  private final @Nullable WorkflowRun outer;
  private final Thread worker;
  private final long deadlineAt;
  private @Nullable LossCause cause;
  private boolean ended;
  private volatile boolean fired;

  WorkflowRun(@Nullable WorkflowRun outer, Thread worker, long deadlineAt) {
    this.outer = outer;
    this.worker = worker;
    this.deadlineAt = deadlineAt;
  }

  /** When the watchdog has to fire, or never. */
  long fireAt() {
    return fired ? Sweeper.NEVER : deadlineAt;
  }

  /** Interrupts the work. */
  synchronized void fire(LossCause why) {
    fired = true;
    if (ended || cause != null) {
      return;
    }
    cause = why;
    worker.interrupt();
  }

  /** When the work has to end. */
  long deadlineAt() {
    return deadlineAt;
  }

  /** Marks the work's end, on its thread; the cause, if the work was told to stop. */
  @Nullable LossCause end() {
    LossCause why;
    synchronized (this) {
      ended = true;
      fired = true;
      why = cause;
    }
    if (why != null) {
      clearInterrupt();
      if (outer != null) {
        outer.repeat();
      }
    }
    return why;
  }

  /** The interrupt was meant for the work alone. */
  @SuppressWarnings("ResultOfMethodCallIgnored") // Clearing the flag is all that is wanted.
  private static void clearInterrupt() {
    Thread.interrupted();
  }

  /** Interrupts again: an inner run on the same thread may have taken the interrupt for its own. */
  private synchronized void repeat() {
    if (cause != null && !ended) {
      worker.interrupt();
    }
  }
}
