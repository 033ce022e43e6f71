package io.ullage.core.limiter;

import java.time.Duration;

/**
 * The pure function from memory usage to the delay of one cooperating caller.
 *
 * <p>At or below the threshold there is no delay. Above it the delay grows linearly from the
 * minimum to the maximum, which it reaches at the limit and keeps beyond.
 *
 * <p>Worked example: with a threshold of 0.95 and delays of 1 ms to 25 ms, usage of 97.5 % of the
 * limit is half of the way from threshold to limit, so the delay is 1 ms + 0.5 × 24 ms = 13 ms.
 *
 * <p>Immutable and thread-safe.
 *
 * @param threshold the used share of the limit up to which nobody is delayed, at least 0 and below
 *     1
 * @param minimumDelay the delay just above the threshold, not negative
 * @param maximumDelay the delay at the limit and above, positive and not below the minimum
 */
public record DelayCurve(double threshold, Duration minimumDelay, Duration maximumDelay) {
  /** An hour: longer than any delay that still is one, and far from overflowing nanoseconds. */
  private static final Duration LONGEST = Duration.ofHours(1);

  /**
   * The default. 0.95 leaves the last twentieth as room to react; 1 ms is noticed by a producer
   * without being felt by its users; 25 ms at the limit takes a producer of 256 KiB chunks down to
   * 10 MiB/s, slower than the disks that drain it.
   */
  public static final DelayCurve DEFAULT =
      new DelayCurve(0.95, Duration.ofMillis(1), Duration.ofMillis(25));

  /** Checks the three values. */
  public DelayCurve {
    if (!(threshold >= 0 && threshold < 1)) {
      throw new IllegalArgumentException(
          "threshold is " + threshold + ": it must be at least 0 and below 1");
    }
    if (minimumDelay.isNegative() || minimumDelay.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "minimumDelay is " + minimumDelay + ": it must be between 0 and " + LONGEST);
    }
    if (!maximumDelay.isPositive()
        || maximumDelay.compareTo(minimumDelay) < 0
        || maximumDelay.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "maximumDelay is "
              + maximumDelay
              + ": it must be above 0, at least minimumDelay "
              + minimumDelay
              + " and at most "
              + LONGEST);
    }
  }

  /**
   * Computes the delay.
   *
   * @param ratio the used share of the limit, not negative and not NaN; above 1 counts as 1
   * @return the delay in nanoseconds, 0 for none
   */
  public long delayNanos(double ratio) {
    if (!(ratio >= 0)) {
      throw new IllegalArgumentException("ratio is " + ratio + ": it must not be negative or NaN");
    }
    if (ratio <= threshold) {
      return 0;
    }
    double way = Math.min(1, (ratio - threshold) / (1 - threshold));
    long minimumNanos = minimumDelay.toNanos();
    return minimumNanos + Math.round(way * (maximumDelay.toNanos() - minimumNanos));
  }
}
