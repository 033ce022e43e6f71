package io.ullage.spill;

/**
 * Decides how much a queue brings back ahead of its reader.
 *
 * <p>Called under the queue's lock after a poll and after something was spilled or fetched: short,
 * without blocking, without calling the queue. An exception out of it poisons the queue with that
 * cause. Fetching stops at the first fetch that fails, with the order intact, and is never allowed
 * to take the memory that writers need.
 */
@FunctionalInterface
public interface PrefetchPolicy {
  /**
   * {@return how many bytes to fetch now; 0 or less means none}
   *
   * @param state the queue at this moment
   */
  long bytesToFetch(QueueState state);

  /**
   * {@return a policy that keeps this many bytes resident at the head, what is resident there
   * already included}
   *
   * @param budgetBytes bytes, at least 0
   */
  static PrefetchPolicy budget(long budgetBytes) {
    if (budgetBytes < 0) {
      throw new IllegalArgumentException(
          "budgetBytes: " + budgetBytes + ", allowed are 0 and above");
    }
    return state -> state.spilledBytes() == 0 ? 0 : budgetBytes - state.headBytes();
  }
}
