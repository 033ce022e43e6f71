package io.ullage.spill;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Spills all behind a head reserve once in a while, whatever its size: for queues that must not sit
 * on memory for long. One policy for each queue.
 */
public final class PeriodicPolicy implements SpillPolicy {
  private final long periodNanos;
  private final long headReserveBytes;
  private final LongSupplier clock;
  private long lastNanos;

  /**
   * Makes the policy.
   *
   * @param period how long between two times, longer than zero
   * @param headReserveBytes bytes kept resident for the reader, at least 0
   */
  public PeriodicPolicy(Duration period, long headReserveBytes) {
    this(period, headReserveBytes, System::nanoTime);
  }

  PeriodicPolicy(Duration period, long headReserveBytes, LongSupplier clock) {
    if (!period.isPositive()) {
      throw new IllegalArgumentException("period: " + period + ", allowed are longer than zero");
    }
    if (headReserveBytes < 0) {
      throw new IllegalArgumentException(
          "headReserveBytes: " + headReserveBytes + ", allowed are 0 and above");
    }
    this.periodNanos = period.toNanos();
    this.headReserveBytes = headReserveBytes;
    this.clock = clock;
    this.lastNanos = clock.getAsLong();
  }

  @Override
  public SpillPlan plan(QueueState state) {
    long now = clock.getAsLong();
    if (now - lastNanos < periodNanos) {
      return SpillPlan.none();
    }
    lastNanos = now;
    return state.tailBytes() > 0 ? SpillPlan.allBeyond(headReserveBytes) : SpillPlan.none();
  }

  @Override
  public long lookNanos() {
    return periodNanos;
  }
}
