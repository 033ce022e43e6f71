package io.ullage.lease.internal;

/** The monotonic clock of one host, in the milliseconds of {@link LeaseWord}. */
@FunctionalInterface
public interface StoreClock {
  /** Nanoseconds in a millisecond. */
  long NANOS_PER_MILLI = 1_000_000;

  /**
   * Reads the clock, which every process on the host must read alike.
   *
   * @return nanoseconds, not negative
   */
  long nanoTime();

  /**
   * Reads the clock.
   *
   * @return milliseconds, rounded down
   */
  default long nowMillis() {
    return nanoTime() / NANOS_PER_MILLI;
  }

  /**
   * Turns a TTL into the milliseconds of a deadline.
   *
   * @param ttlNanos nanoseconds
   * @return milliseconds, rounded up, so that nobody takes the lease before its owner gave up
   */
  static long ttlMillis(long ttlNanos) {
    return (ttlNanos + NANOS_PER_MILLI - 1) / NANOS_PER_MILLI;
  }
}
