package io.ullage.tool.spill;

/**
 * Counts durations in buckets of at most 1/16 relative width, from 1 ns up, without allocating. One
 * thread.
 */
final class LatencyHistogram {
  private static final int SUB_BITS = 4;
  private static final int SUB_BUCKETS = 1 << SUB_BITS;

  private final long[] counts = new long[Long.SIZE * SUB_BUCKETS];
  private long total;
  private long maximumNanos;

  void record(long nanos) {
    counts[bucket(Math.max(0, nanos))]++;
    total++;
    maximumNanos = Math.max(maximumNanos, nanos);
  }

  long maximumNanos() {
    return maximumNanos;
  }

  /** Returns a duration that this share of all, at least, did not exceed; 0 when there are none. */
  long quantileNanos(double share) {
    long rank = (long) Math.ceil(share * total);
    long seen = 0;
    for (int i = 0; i < counts.length; i++) {
      seen += counts[i];
      if (seen >= rank && seen > 0) {
        return Math.min(upperBound(i), maximumNanos);
      }
    }
    return maximumNanos;
  }

  private static int bucket(long nanos) {
    if (nanos < SUB_BUCKETS) {
      return (int) nanos;
    }
    int shift = Long.SIZE - 1 - Long.numberOfLeadingZeros(nanos) - SUB_BITS;
    return (shift + 1) * SUB_BUCKETS + (int) (nanos >>> shift) - SUB_BUCKETS;
  }

  private static long upperBound(int bucket) {
    if (bucket < SUB_BUCKETS) {
      return bucket;
    }
    int shift = bucket / SUB_BUCKETS - 1;
    return ((long) (bucket % SUB_BUCKETS + SUB_BUCKETS + 1) << shift) - 1;
  }
}
