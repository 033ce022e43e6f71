package io.ullage.spill.internal.queue;

import java.util.concurrent.locks.Condition;
import java.util.function.LongSupplier;

/**
 * Exponential back-off of one thread: 5 ms after the first failure, doubled up to 1 s. Confined to
 * the queue's lock.
 */
final class Backoff {
  private static final long FIRST_NANOS = 5_000_000;
  private static final long LAST_NANOS = 1_000_000_000;

  private final LongSupplier clock;
  private long delayNanos;
  private long failedAtNanos;

  Backoff() {
    this(System::nanoTime);
  }

  /** One that goes by another clock of nanoseconds, for tests. */
  Backoff(LongSupplier clock) {
    this.clock = clock;
  }

  void failed() {
    delayNanos = delayNanos == 0 ? FIRST_NANOS : Math.min(2 * delayNanos, LAST_NANOS);
    failedAtNanos = clock.getAsLong();
  }

  void succeeded() {
    delayNanos = 0;
  }

  boolean isOver() {
    return leftNanos() <= 0;
  }

  private long leftNanos() {
    return delayNanos == 0 ? 0 : delayNanos - (clock.getAsLong() - failedAtNanos);
  }

  /**
   * Waits for the condition, at most until the back-off is over. Threads of a queue are never
   * interrupted.
   */
  void await(Condition condition) {
    await(condition, Long.MAX_VALUE);
  }

  // The callers loop, and look again after any wake-up.
  @SuppressWarnings("WaitNotInLoop")
  void await(Condition condition, long atMostNanos) {
    long left = leftNanos();
    long nap = left > 0 ? Math.min(left, atMostNanos) : atMostNanos;
    try {
      long ignored = condition.awaitNanos(nap);
    } catch (InterruptedException e) {
      // Nobody interrupts these threads: an interrupt in a channel operation would close the file.
    }
  }
}
