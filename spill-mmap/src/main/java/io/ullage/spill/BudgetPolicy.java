package io.ullage.spill;

/**
 * Spills when the queue's component, or a component above it, has reserved more than a share of its
 * limit, whoever else uses it: as many bytes as it is above, but not the head reserve.
 *
 * @param share of each limit, above 0 and at most 1
 * @param headReserveBytes bytes kept resident for the reader, at least 0
 */
public record BudgetPolicy(double share, long headReserveBytes) implements SpillPolicy {
  /** 20 ms: a tenth of the time in which a limiter begins to slow producers down. */
  private static final long LOOK_NANOS = 20_000_000;

  /** Checks the two figures. */
  public BudgetPolicy {
    // Written so that NaN is refused.
    if (!(share > 0 && share <= 1)) {
      throw new IllegalArgumentException(
          "share: " + share + ", allowed are those above 0 and at most 1");
    }
    if (headReserveBytes < 0) {
      throw new IllegalArgumentException(
          "headReserveBytes: " + headReserveBytes + ", allowed are 0 and above");
    }
  }

  @Override
  public SpillPlan plan(QueueState state) {
    if (state.tailBytes() == 0) {
      return SpillPlan.none();
    }
    long above = state.bytesAboveShare(share);
    // What is being written is still reserved, and will not be for long.
    return above > state.spillingBytes()
        ? new SpillPlan(headReserveBytes, above - state.spillingBytes())
        : SpillPlan.none();
  }

  @Override
  public long lookNanos() {
    return LOOK_NANOS;
  }
}
