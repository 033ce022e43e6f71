package io.ullage.lease;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Runs work under leases, on the threads of the callers. */
final class Workflows {
  private static final ScopedValue<WorkflowRun> RUN = ScopedValue.newInstance();

  private final LeaseManager manager;
  private final Acquisitions acquisitions;
  private final LeaseManagerOptions options;

  Workflows(LeaseManager manager, Acquisitions acquisitions, LeaseManagerOptions options) {
    this.manager = manager;
    this.acquisitions = acquisitions;
    this.options = options;
  }

  /** Takes a key, runs work, gives the key back; see {@link LeaseManager#run}. */
  <T extends @Nullable Object> T run(String key, WorkflowOptions workflow, LeaseWork<T> work)
      throws Exception {
    LeaseTiming timing = options.timingOf(workflow);
    long calledAt = manager.nanoTime();
    long callerDeadlineAt = callerDeadlineAt(calledAt, workflow.callerDeadline());
    Duration patience = options.waitOf(workflow);
    Duration left = Duration.ofNanos(Math.max(0, callerDeadlineAt - calledAt));
    Lease lease =
        acquisitions.acquire(
            key, timing, workflow.note(), patience.compareTo(left) < 0 ? patience : left);
    return runUnder(lease, callerDeadlineAt, workflow, work);
  }

  private static long callerDeadlineAt(long calledAt, @Nullable Duration callerDeadline) {
    long outer = RUN.isBound() ? RUN.get().deadlineAt() : Sweeper.NEVER;
    return callerDeadline == null ? outer : Math.min(outer, calledAt + callerDeadline.toNanos());
  }

  private <T extends @Nullable Object> T runUnder(
      Lease lease, long callerDeadlineAt, WorkflowOptions workflow, LeaseWork<T> work)
      throws Exception {
    ManagedLease managed = OwnedKeys.managed(lease);
    long deadlineAt =
        Math.min(callerDeadlineAt, manager.nanoTime() + options.deadlineOf(workflow).toNanos());
    WorkflowRun outer = RUN.isBound() ? RUN.get() : null;
    WorkflowRun run = new WorkflowRun(outer, Thread.currentThread(), deadlineAt);
    WorkflowRun before = managed.workflow;
    managed.workflow = run;
    manager.sweeps().deadlineAt(deadlineAt);
    // A loss between the acquisition and here found no work to tell.
    managed.loss().ifPresent(loss -> run.fire(loss.cause()));
    T result;
    try {
      result = ScopedValue.where(RUN, run).call(() -> work.run(lease));
    } catch (Throwable thrown) {
      LossCause cause = finish(lease, managed, before, run, workflow);
      if (cause != null) {
        throw lost(managed, cause, thrown);
      }
      if (thrown instanceof InterruptedException) {
        manager.counters().countLoss(LossCause.CANCELLED);
      }
      throw ManagerThreads.rethrow(thrown);
    }
    LossCause cause = finish(lease, managed, before, run, workflow);
    if (cause != null) {
      throw lost(managed, cause, null);
    }
    return result;
  }

  private @Nullable LossCause finish(
      Lease lease,
      ManagedLease managed,
      @Nullable WorkflowRun before,
      WorkflowRun run,
      WorkflowOptions workflow) {
    LossCause cause = run.end();
    managed.workflow = before;
    if (before != null) {
      // The work around this one runs under the same lease, and is told of its loss now.
      managed.loss().ifPresent(loss -> before.fire(loss.cause()));
    }
    if (lease instanceof ManagedLease) {
      managed.close(workflow.holdAtLeast().toNanos());
    } else {
      OwnedKeys.leave(lease, workflow.holdAtLeast().toNanos());
    }
    if (cause == LossCause.DEADLINE) {
      manager.counters().countLoss(cause);
    }
    return cause;
  }

  private static LeaseLostException lost(
      ManagedLease lease, LossCause cause, @Nullable Throwable thrown) {
    // A lease can be lost after the deadline passed, while its work goes on: the first cause
    // counts.
    LeaseLoss loss =
        lease
            .loss()
            .filter(known -> known.cause() == cause)
            .orElseGet(() -> new LeaseLoss(lease.key(), lease.token(), cause, null));
    return new LeaseLostException(loss, thrown);
  }
}
