package io.ullage.spill;

import java.util.concurrent.atomic.AtomicLong;

/**
 * One memory budget for many queues, of which each may keep a floor.
 *
 * <p>While all queues together hold more than the budget, each spills its share of what is too
 * much, in proportion to what it holds above its floor. Queues that nobody writes to take part: the
 * queue asks its policy every 10 ms. Thread-safe, without locks; its figures are those that each
 * queue reported last.
 */
public final class GroupBudget {
  /** 10 ms: by so much the figures of a queue at rest may be out of date. */
  private static final long LOOK_NANOS = 10_000_000;

  private final long budgetBytes;
  private final long floorBytes;
  private final AtomicLong residentBytes = new AtomicLong();
  private final AtomicLong bytesAboveFloors = new AtomicLong();

  /**
   * Makes a budget that no queue uses yet.
   *
   * @param budgetBytes how much all queues together may hold in memory, at least 1
   * @param floorBytes how much each may keep in any case, at least 0
   */
  public GroupBudget(long budgetBytes, long floorBytes) {
    if (budgetBytes < 1) {
      throw new IllegalArgumentException(
          "budgetBytes: " + budgetBytes + ", allowed are 1 and above");
    }
    if (floorBytes < 0 || floorBytes > budgetBytes) {
      throw new IllegalArgumentException(
          "floorBytes: " + floorBytes + ", allowed are 0 to " + budgetBytes);
    }
    this.budgetBytes = budgetBytes;
    this.floorBytes = floorBytes;
  }

  /**
   * Lets one more queue take part: {@code builder.policies(group::join)}. It fetches ahead as much
   * as its floor.
   *
   * @return policies for one queue
   */
  public QueuePolicies join() {
    return new QueuePolicies(new Member(), PrefetchPolicy.budget(floorBytes));
  }

  /** {@return what all queues together hold in memory, as they said last} */
  public long residentBytes() {
    return residentBytes.get();
  }

  /** Called under its queue's lock; the sums are shared with other queues. */
  private final class Member implements SpillPolicy {
    private long reportedBytes;
    private boolean closed;

    @Override
    public SpillPlan plan(QueueState state) {
      long spilling = state.spillingBytes();
      report(state.residentBytes() + spilling);
      long above = reportedBytes - floorBytes;
      long excess = residentBytes.get() - budgetBytes;
      if (excess <= 0 || above <= 0 || state.tailBytes() == 0) {
        return SpillPlan.none();
      }
      long allAbove = Math.max(above, bytesAboveFloors.get());
      long share = (long) Math.ceil((double) excess * above / allAbove);
      return share > spilling ? new SpillPlan(floorBytes, share - spilling) : SpillPlan.none();
    }

    private void report(long bytes) {
      if (!closed && bytes != reportedBytes) {
        residentBytes.addAndGet(bytes - reportedBytes);
        bytesAboveFloors.addAndGet(
            Math.max(0, bytes - floorBytes) - Math.max(0, reportedBytes - floorBytes));
        reportedBytes = bytes;
      }
    }

    @Override
    public long lookNanos() {
      return LOOK_NANOS;
    }

    @Override
    public void queueClosed() {
      report(0);
      closed = true;
    }
  }
}
