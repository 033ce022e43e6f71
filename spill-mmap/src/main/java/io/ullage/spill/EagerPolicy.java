package io.ullage.spill;

/**
 * Spills everything but the last entry at once: for tests, and for queues that should hold next to
 * no memory.
 */
public record EagerPolicy() implements SpillPolicy {
  @Override
  public SpillPlan plan(QueueState state) {
    return state.tailBytes() > 0 ? SpillPlan.allBeyond(0) : SpillPlan.none();
  }
}
