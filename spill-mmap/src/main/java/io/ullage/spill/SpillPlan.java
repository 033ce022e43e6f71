package io.ullage.spill;

/**
 * The answer of a {@link SpillPolicy}: which resident entries go to the store.
 *
 * <p>Counting resident entries from the head, entries that begin within the first {@code keepBytes}
 * stay; of those behind them, the oldest go until {@code spillBytes} are reached, the entry that
 * reaches it included. The last entry of the queue always stays. What was fetched back is not
 * spilled a second time.
 *
 * @param keepBytes bytes at the head that stay resident, at least 0
 * @param spillBytes bytes to spill behind them, at least 0; 0 means: nothing to do
 */
public record SpillPlan(long keepBytes, long spillBytes) {
  private static final SpillPlan NONE = new SpillPlan(0, 0);

  /** Checks the two figures. */
  public SpillPlan {
    if (keepBytes < 0) {
      throw new IllegalArgumentException("keepBytes: " + keepBytes + ", allowed are 0 and above");
    }
    if (spillBytes < 0) {
      throw new IllegalArgumentException("spillBytes: " + spillBytes + ", allowed are 0 and above");
    }
  }

  /** {@return the plan that spills nothing} */
  public static SpillPlan none() {
    return NONE;
  }

  /**
   * {@return the plan that spills all behind the first {@code keepBytes}}
   *
   * @param keepBytes the keepBytes
   */
  public static SpillPlan allBeyond(long keepBytes) {
    return new SpillPlan(keepBytes, Long.MAX_VALUE);
  }

  /** {@return whether there is something to do} */
  public boolean isNone() {
    return spillBytes == 0;
  }
}
