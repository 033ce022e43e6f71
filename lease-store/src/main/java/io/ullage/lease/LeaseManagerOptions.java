package io.ullage.lease;

import io.ullage.core.ComponentRegistry;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** What a manager was built with. */
record LeaseManagerOptions(
    Duration ttl,
    @Nullable Duration heartbeat,
    Duration deadline,
    Duration waitAtMost,
    Duration releaseTimeout,
    Duration callTimeout,
    boolean reentrant,
    LongSupplier nanoClock,
    boolean threads,
    @Nullable ComponentRegistry registry,
    String name) {
  LeaseTiming timingOf(WorkflowOptions workflow) {
    Duration ownTtl = workflow.ttl();
    Duration ownHeartbeat = workflow.heartbeat();
    if (ownTtl != null) {
      return LeaseTiming.of(ownTtl, ownHeartbeat);
    }
    return LeaseTiming.of(ttl, ownHeartbeat == null ? heartbeat : ownHeartbeat);
  }

  Duration deadlineOf(WorkflowOptions workflow) {
    Duration own = workflow.deadline();
    return own == null ? deadline : own;
  }

  Duration waitOf(WorkflowOptions workflow) {
    Duration own = workflow.waitAtMost();
    return own == null ? waitAtMost : own;
  }
}
