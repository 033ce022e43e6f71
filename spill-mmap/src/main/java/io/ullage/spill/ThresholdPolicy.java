package io.ullage.spill;

/**
 * Spills the middle of a queue when too much of it is resident.
 *
 * <p>It acts when resident bytes are strictly above head reserve + threshold, and then spills all
 * behind the reserve, not only the excess: writing in large steps is what makes spilling cheap. The
 * entry that crosses the reserve stays, and so does the last one.
 *
 * @param thresholdBytes bytes allowed beyond the reserve, at least 0
 * @param headReserveBytes bytes kept resident for the reader, at least 0
 */
public record ThresholdPolicy(long thresholdBytes, long headReserveBytes) implements SpillPolicy {
  /** 256 MiB: some seconds of a fast disk's bandwidth, so that short bursts never reach it. */
  public static final long DEFAULT_THRESHOLD_BYTES = 256L << 20;

  /**
   * 64 MiB: what a reader at 1 GB/s consumes in the time of the longest write stall seen (40–110
   * ms).
   */
  public static final long DEFAULT_HEAD_RESERVE_BYTES = 64L << 20;

  /** Makes the policy with both defaults. */
  public ThresholdPolicy() {
    this(DEFAULT_THRESHOLD_BYTES, DEFAULT_HEAD_RESERVE_BYTES);
  }

  /** Checks the two figures. */
  public ThresholdPolicy {
    if (thresholdBytes < 0) {
      throw new IllegalArgumentException(
          "thresholdBytes: " + thresholdBytes + ", allowed are 0 and above");
    }
    if (headReserveBytes < 0 || headReserveBytes > Long.MAX_VALUE - thresholdBytes) {
      throw new IllegalArgumentException(
          "headReserveBytes: "
              + headReserveBytes
              + ", allowed are 0 to "
              + (Long.MAX_VALUE - thresholdBytes));
    }
  }

  @Override
  public SpillPlan plan(QueueState state) {
    return state.residentBytes() > headReserveBytes + thresholdBytes
        ? SpillPlan.allBeyond(headReserveBytes)
        : SpillPlan.none();
  }
}
