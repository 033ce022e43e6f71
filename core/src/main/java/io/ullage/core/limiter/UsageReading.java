package io.ullage.core.limiter;

/**
 * How much memory is used of how much, at one moment.
 *
 * @param usedBytes the bytes in use, not negative
 * @param limitBytes the limit, not negative; {@link Long#MAX_VALUE} for none
 */
public record UsageReading(long usedBytes, long limitBytes) {
  /** Checks both values. */
  public UsageReading {
    if (usedBytes < 0 || limitBytes < 0) {
      throw new IllegalArgumentException(
          "usedBytes is "
              + usedBytes
              + " and limitBytes is "
              + limitBytes
              + ": both must be between 0 and "
              + Long.MAX_VALUE);
    }
  }

  /**
   * {@return the used share of the limit} Without a limit it is 0; of a limit of zero bytes
   * everything is used, so that it is at least 1.
   */
  public double ratio() {
    if (limitBytes == Long.MAX_VALUE) {
      return 0;
    }
    return limitBytes == 0 ? 1.0 + usedBytes : (double) usedBytes / limitBytes;
  }
}
