package io.ullage.spill;

/**
 * Decides what a queue spills; the queue does it.
 *
 * <p>{@link #plan} is called under the queue's lock for every offer, so it must be short, must not
 * block and must not call the queue. An exception out of it poisons the queue with that cause. When
 * memory runs out while a writer waits, a queue with a policy spills more than the policy asks for,
 * so that the writer can go on.
 */
@FunctionalInterface
public interface SpillPolicy {
  /**
   * {@return what is to be spilled now}
   *
   * @param state the queue at this moment
   */
  SpillPlan plan(QueueState state);

  /**
   * {@return how often the queue asks while nothing is offered, in nanoseconds; never by default}
   * For policies that go by time, or by something that other than this queue changes.
   */
  default long lookNanos() {
    return Long.MAX_VALUE;
  }

  /** Says that the queue is closed and asks no more. Does nothing by default. */
  default void queueClosed() {}

  /**
   * {@return a policy that leaves spilling to {@link SpillQueue#spillNow}} It differs from no
   * policy in that the queue still spills when a writer would otherwise wait for memory.
   */
  static SpillPolicy manual() {
    return state -> SpillPlan.none();
  }
}
