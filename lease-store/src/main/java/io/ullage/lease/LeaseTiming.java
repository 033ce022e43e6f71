package io.ullage.lease;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The intervals of one lease in nanoseconds, checked against one another.
 *
 * @param ttlNanos after which others may take the key
 * @param heartbeatNanos between two renewals
 * @param marginNanos before the end of the TTL, in which the owner no longer trusts its lease
 * @param retryNanos after which a failed renewal is tried again
 */
record LeaseTiming(long ttlNanos, long heartbeatNanos, long marginNanos, long retryNanos) {
  /** Three renewals in a TTL: two may fail. */
  static final int HEARTBEATS_PER_TTL = 3;

  /** Margin and retry interval are a tenth of the TTL: several retries fit before the margin. */
  private static final int TENTH = 10;

  /** So many sweeps at most renew all leases of one heartbeat. */
  private static final int SWEEPS_PER_HEARTBEAT = 4;

  private static final int NANOS_PER_MILLI = 1_000_000;

  /** What a thread may need to wake up on a busy machine. */
  private static final long MINIMUM_MARGIN_NANOS = 5_000_000;

  /** What a deadline or a wait may be: longer is a mistake, or not a deadline. */
  static final Duration LONGEST = Duration.ofDays(365);

  /**
   * Derives margin and retry interval, and checks.
   *
   * @param ttl the TTL
   * @param heartbeat the heartbeat, or null for a third of the TTL
   * @return the intervals
   */
  static LeaseTiming of(Duration ttl, @Nullable Duration heartbeat) {
    if (ttl.compareTo(LeaseRequest.MINIMUM_TTL) < 0
        || ttl.compareTo(LeaseRequest.MAXIMUM_TTL) > 0) {
      throw new IllegalArgumentException("ttl: " + text(ttl) + "; allowed: 20 ms to 1 day");
    }
    long ttlNanos = ttl.toNanos();
    long margin = Math.max(ttlNanos / TENTH, MINIMUM_MARGIN_NANOS);
    Duration beat = heartbeat == null ? ttl.dividedBy(HEARTBEATS_PER_TTL) : heartbeat;
    if (!beat.isPositive()) {
      throw new IllegalArgumentException("heartbeat: " + text(beat) + "; allowed: above 0");
    }
    if (beat.compareTo(Duration.ofNanos(ttlNanos - margin)) >= 0) {
      throw new IllegalArgumentException(
          "heartbeat: "
              + text(beat)
              + "; allowed: below ttl - margin = "
              + text(ttl)
              + " - "
              + text(Duration.ofNanos(margin))
              + ", else the lease would be invalid before its first renewal");
    }
    return new LeaseTiming(ttlNanos, beat.toNanos(), margin, ttlNanos / TENTH);
  }

  static Duration requirePositive(String name, Duration value) {
    if (!value.isPositive() || value.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          name + ": " + text(value) + "; allowed: above 0, up to 365 days");
    }
    return value;
  }

  /**
   * By how much a lease may be renewed before it is due, when a sweep comes by anyway: leases that
   * were acquired one after another soon share a few sweeps.
   */
  long earlyNanos() {
    return heartbeatNanos / SWEEPS_PER_HEARTBEAT;
  }

  /** How long a lease is valid for its owner after a grant or a renewal. */
  long validNanos() {
    return ttlNanos - marginNanos;
  }

  static String text(Duration duration) {
    boolean inMillis = duration.abs().compareTo(LONGEST) <= 0;
    return inMillis && duration.toNanosPart() % NANOS_PER_MILLI == 0
        ? duration.toMillis() + " ms"
        : duration.toString();
  }
}
