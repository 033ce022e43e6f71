package io.ullage.spill.internal.queue;

import io.ullage.spill.PrefetchPolicy;
import io.ullage.spill.QueueState;
import io.ullage.spill.SpillPlan;
import io.ullage.spill.SpillPolicy;
import org.jspecify.annotations.Nullable;

/**
 * Asks the policies of a queue, under its lock. Whatever they throw reaches the caller as it is.
 */
final class Policies {
  /** 256 KiB: some 20 µs of copying, above the cost of waking a thread. */
  private static final long FETCH_STEP_BYTES = 256 << 10;

  private final @Nullable SpillPolicy spillPolicy;
  private final @Nullable PrefetchPolicy prefetchPolicy;
  private final QueueState view;

  Policies(QueueSettings settings, QueueState view) {
    this.spillPolicy = settings.store() == null ? null : settings.spillPolicy();
    this.prefetchPolicy = settings.prefetchPolicy();
    this.view = view;
  }

  boolean mayExceedPlan() {
    return spillPolicy != null;
  }

  SpillPlan plan() {
    SpillPolicy policy = spillPolicy;
    return policy == null ? SpillPlan.none() : policy.plan(view);
  }

  /** How often the spill policy is to be asked while nothing is offered. */
  long lookNanos() {
    SpillPolicy policy = spillPolicy;
    return policy == null ? Long.MAX_VALUE : policy.lookNanos();
  }

  /** Tells the policies that the queue is gone. */
  void closed() {
    if (spillPolicy != null) {
      spillPolicy.queueClosed();
    }
  }

  long wantedBytes() {
    PrefetchPolicy policy = prefetchPolicy;
    return policy == null ? 0 : Math.max(0, policy.bytesToFetch(view));
  }

  /**
   * Whether there is enough to fetch to wake a thread for it. A policy with a budget wants a little
   * after each poll: waking pays when it is a step, or more than is left at the head, or all there
   * is.
   */
  boolean isWorthWaking() {
    if (view.spilledBytes() == 0) {
      return false;
    }
    long wanted = wantedBytes();
    return wanted > 0
        && (wanted >= FETCH_STEP_BYTES
            || wanted >= view.headBytes()
            || wanted >= view.spilledBytes());
  }
}
