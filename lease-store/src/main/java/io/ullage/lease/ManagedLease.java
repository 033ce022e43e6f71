package io.ullage.lease;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A lease as its owner, the heartbeat and the watchdog share it: its {@linkplain LeaseTerm term},
 * its {@linkplain LeaseRenewal renewals}, the {@linkplain LossNotice notice} of its loss, and the
 * work under it.
 */
final class ManagedLease implements Lease {
  /** What lies below on the stack of arrivals of {@link HeldLeases}. */
  @Nullable ManagedLease below;

  /** Where it is in {@link HeldLeases}, guarded by its lock; below 0 while it is not settled. */
  int settledAt = -1;

  /** Whether that is in its batch; guarded by its lock. */
  boolean batched;

  /** The work under this lease and its deadline, for the watchdog. */
  volatile @Nullable WorkflowRun workflow;

  /** Until when the key stays taken though the owner is done; 0 while the owner is not done. */
  volatile long lingerUntil;

  private final LeaseTerm term;
  private final LeaseRenewal renewal;
  private final LeaseManager manager;
  private final String key;
  private final long acquiredAt;
  private final LossNotice notice;

  /** Wraps a grant that was asked for at {@code askedAt}. */
  ManagedLease(
      LeaseManager manager, String key, LeaseGrant grant, LeaseTiming timing, long askedAt) {
    this.manager = manager;
    this.key = key;
    this.acquiredAt = askedAt;
    this.term = new LeaseTerm(askedAt + timing.validNanos());
    this.renewal = new LeaseRenewal(this, term, manager, grant, timing, askedAt);
    this.notice = new LossNotice(manager);
  }

  @Override
  public String key() {
    return key;
  }

  @Override
  public long token() {
    return renewal.grant().token();
  }

  boolean isTakeover() {
    return renewal.grant().isTakeover();
  }

  LeaseTerm term() {
    return term;
  }

  LeaseRenewal renewal() {
    return renewal;
  }

  @Override
  public boolean isValid() {
    while (!term.isEnded()) {
      long until = term.until();
      if (manager.nanoTime() < until) {
        return true;
      }
      expireIfOver(until);
    }
    return false;
  }

  @Override
  public Duration remaining() {
    while (!term.isEnded()) {
      long until = term.until();
      long left = until - manager.nanoTime();
      if (left > 0) {
        return Duration.ofNanos(left);
      }
      expireIfOver(until);
    }
    return Duration.ZERO;
  }

  @Override
  public void ensure(Duration duration) {
    renewal.ensure(duration);
  }

  void requireHeld() {
    if (!isValid()) {
      LeaseLoss lost =
          loss().orElseThrow(() -> new IllegalStateException("lease '" + key + "' was closed"));
      throw new LeaseLostException(lost, null);
    }
  }

  @Override
  public void onLost(Consumer<? super LeaseLoss> listener) {
    notice.onLost(listener);
  }

  @Override
  public CompletableFuture<LeaseLoss> lost() {
    CompletableFuture<LeaseLoss> future = new CompletableFuture<>();
    onLost(future::complete);
    return future;
  }

  @Override
  public Optional<LeaseLoss> loss() {
    return notice.loss();
  }

  @Override
  public long renewals() {
    return term.extensions();
  }

  @Override
  public void close() {
    close(0);
  }

  /** As {@link #close()}, but the key stays taken until it was held for {@code holdAtLeast}. */
  void close(long holdAtLeastNanos) {
    if (holdAtLeastNanos > 0) {
      if (term.end() && manager.linger(this, acquiredAt + holdAtLeastNanos)) {
        return;
      }
    } else {
      term.endRelease();
    }
    release();
  }

  /** Frees the key, once; true if this call was the one. */
  boolean release() {
    if (!renewal.beginRelease()) {
      return false;
    }
    manager.forget(this);
    manager.release(key, renewal.grant());
    return true;
  }

  /** Whether neither its owner nor a minimum hold needs the key any longer. */
  boolean isOver() {
    return term.isEnded() && lingerUntil == 0;
  }

  // ---- watchdog ----

  /** When the watchdog has to look again. */
  long watchAt() {
    WorkflowRun run = workflow;
    long deadline = run == null ? Sweeper.NEVER : run.fireAt();
    return term.isEnded() ? deadline : Math.min(term.until(), deadline);
  }

  /** Looks at the clock. */
  void watch(long now) {
    if (!term.isEnded() && now >= term.until()) {
      expireIfOver(term.until());
    }
    WorkflowRun run = workflow;
    if (run != null && now >= run.fireAt()) {
      run.fire(LossCause.DEADLINE);
    }
  }

  // ---- loss ----

  private void expireIfOver(long until) {
    if (term.isOver(until, manager.nanoTime())) {
      expire();
    }
  }

  /** Ends the lease because its time ran out, unless it ended before. */
  void expire() {
    Throwable failure = renewal.lastFailure();
    lose(failure == null ? LossCause.EXPIRED : LossCause.STORE_FAULT, failure);
  }

  /** Ends the lease with a cause, unless it ended before. */
  void lose(LossCause cause, @Nullable Throwable failure) {
    if (term.end()) {
      announce(new LeaseLoss(key, token(), cause, failure));
    }
  }

  private void announce(LeaseLoss lost) {
    notice.post(lost);
    manager.counters().countLoss(lost.cause());
    LeaseEvents.lost(lost);
    WorkflowRun run = workflow;
    if (run != null) {
      run.fire(lost.cause());
    }
    notice.tell(lost);
  }

  @Override
  public String toString() {
    return "Lease[" + key + ", token " + token() + "]";
  }
}
