package io.ullage.lease;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A lease as its owner, the heartbeat and the watchdog share it.
 *
 * <p><b>Validity</b> is one word, {@code validUntil}. It moves forward by compare-and-set from the
 * value that was read <em>before</em> the store was asked, and ends for ever by becoming {@link
 * #ENDED}: whoever makes that step (the owner closing, the watchdog, or {@link #isValid()} itself
 * when it sees the time run out) decides how the lease ended. So a lease that was once seen invalid
 * never becomes valid again, even if a renewal that was in flight succeeds.
 *
 * <p><b>The store</b> is asked by one thread at a time: {@code store} goes IDLE → RENEWING → IDLE
 * for a renewal and IDLE → RELEASING, once, at the end. Hence release begins only after a renewal
 * in flight has ended.
 */
final class ManagedLease implements Lease {
  private static final long ENDED = Long.MIN_VALUE;

  private static final int IDLE = 0;
  private static final int RENEWING = 1;
  private static final int RELEASING = 2;

  /** So many sweeps at most renew all leases of one heartbeat. */
  private static final int SWEEPS_PER_HEARTBEAT = 4;

  private static final VarHandle VALID_UNTIL;
  private static final VarHandle STORE;
  private static final VarHandle RENEWALS;
  private static final VarHandle RENEW_AT;
  private static final VarHandle FAILURES;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      VALID_UNTIL = lookup.findVarHandle(ManagedLease.class, "validUntil", long.class);
      STORE = lookup.findVarHandle(ManagedLease.class, "store", int.class);
      RENEWALS = lookup.findVarHandle(ManagedLease.class, "renewals", long.class);
      FAILURES = lookup.findVarHandle(ManagedLease.class, "failures", long.class);
      RENEW_AT = lookup.findVarHandle(ManagedLease.class, "renewAt", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** What lies below on the stack of arrivals of {@link HeldLeases}. */
  @Nullable ManagedLease below;

  /** Where it is in {@link HeldLeases}, guarded by its lock; below 0 while it is not settled. */
  int settledAt = -1;

  /** When the heartbeat next renews; written by the sweeps and {@link #ensure} only. */
  volatile long renewAt;

  /** The work under this lease and its deadline, for the watchdog. */
  volatile @Nullable WorkflowRun workflow;

  /** Until when the key stays taken though the owner is done; 0 while the owner is not done. */
  volatile long lingerUntil;

  private final LeaseManager manager;
  private final String key;
  private final LeaseGrant grant;
  private final LeaseTiming timing;
  private final long acquiredAt;
  private volatile long validUntil;
  private volatile int store;

  /** Written by whoever claimed the store. */
  private volatile long renewals;

  /** When the renewal was due that was not yet made; touched by whoever claimed the store. */
  private long dueAt;

  private volatile @Nullable Throwable lastFailure;

  /** Written by whoever claimed the store. */
  private volatile long failures;

  private volatile @Nullable LeaseLoss loss;
  private volatile @Nullable Thread closer;
  private @Nullable List<Consumer<? super LeaseLoss>> listeners;

  /** Wraps a grant that was asked for at {@code askedAt}. */
  ManagedLease(
      LeaseManager manager, String key, LeaseGrant grant, LeaseTiming timing, long askedAt) {
    this.manager = manager;
    this.key = key;
    this.grant = grant;
    this.timing = timing;
    this.acquiredAt = askedAt;
    // Plain: nobody else sees a lease before HeldLeases publishes it.
    VALID_UNTIL.set(this, askedAt + timing.validNanos());
    this.dueAt = askedAt + timing.heartbeatNanos();
    RENEW_AT.set(this, dueAt);
  }

  @Override
  public String key() {
    return key;
  }

  @Override
  public long token() {
    return grant.token();
  }

  boolean isTakeover() {
    return grant.isTakeover();
  }

  @Override
  public boolean isValid() {
    long until = validUntil;
    if (until == ENDED) {
      return false;
    }
    if (manager.nanoTime() < until) {
      return true;
    }
    expire(until);
    return isValid();
  }

  @Override
  public Duration remaining() {
    long until = validUntil;
    if (until == ENDED) {
      return Duration.ZERO;
    }
    long left = until - manager.nanoTime();
    if (left > 0) {
      return Duration.ofNanos(left);
    }
    expire(until);
    return remaining();
  }

  @Override
  public void ensure(Duration duration) {
    if (duration.compareTo(Duration.ofNanos(timing.validNanos())) > 0) {
      throw new IllegalArgumentException(
          "duration: "
              + LeaseTiming.text(duration)
              + "; allowed: up to ttl - margin = "
              + LeaseTiming.text(Duration.ofNanos(timing.validNanos())));
    }
    while (remaining().compareTo(duration) < 0) {
      requireHeld();
      long failuresBefore = failures;
      if (tryBeginRenewal()) {
        manager.calls().renew(this::renewNow);
      }
      // The renewal that is in flight, ours or the heartbeat's, may hang in the store: this wait
      // is bounded by the validity.
      while (store == RENEWING && isValid()) {
        LockSupport.parkNanos(this, timing.retryNanos() / 16);
      }
      if (failures != failuresBefore
          && lastFailure instanceof LeaseStoreException unavailable
          && isValid()) {
        throw unavailable;
      }
    }
    requireHeld();
  }

  private void requireHeld() {
    if (isValid()) {
      return;
    }
    LeaseLoss lost = loss;
    if (lost == null) {
      throw new IllegalStateException("lease '" + key + "' was closed");
    }
    throw new LeaseLostException(lost, null);
  }

  @Override
  public void onLost(Consumer<? super LeaseLoss> listener) {
    LeaseLoss lost;
    synchronized (this) {
      lost = loss;
      if (lost == null) {
        if (listeners == null) {
          listeners = new ArrayList<>(1);
        }
        listeners.add(listener);
        return;
      }
    }
    manager.callBack(() -> listener.accept(lost));
  }

  @Override
  public CompletableFuture<LeaseLoss> lost() {
    CompletableFuture<LeaseLoss> future = new CompletableFuture<>();
    onLost(future::complete);
    return future;
  }

  @Override
  public Optional<LeaseLoss> loss() {
    return Optional.ofNullable(loss);
  }

  @Override
  public long renewals() {
    return renewals;
  }

  @Override
  public void close() {
    close(0);
  }

  /** As {@link #close()}, but the key stays taken until it was held for {@code holdAtLeast}. */
  void close(long holdAtLeastNanos) {
    long until = (long) VALID_UNTIL.getAndSet(this, ENDED);
    if (holdAtLeastNanos > 0
        && until != ENDED
        && manager.linger(this, acquiredAt + holdAtLeastNanos)) {
      return;
    }
    release();
  }

  /** Frees the key, once; true if this call was the one. */
  boolean release() {
    if (!beginRelease()) {
      return false;
    }
    manager.forget(this);
    manager.release(key, grant);
    return true;
  }

  private boolean beginRelease() {
    if (STORE.compareAndSet(this, IDLE, RELEASING)) {
      return true;
    }
    long giveUpAt = manager.nanoTime() + manager.releaseTimeoutNanos();
    closer = Thread.currentThread();
    while (store != RELEASING) {
      if (STORE.compareAndSet(this, IDLE, RELEASING)) {
        return true;
      }
      long wait = giveUpAt - manager.nanoTime();
      if (wait <= 0) {
        // The store hangs in a renewal: the key frees itself when the TTL ends.
        manager.forget(this);
        manager.counters().abandonedReleases.increment();
        return false;
      }
      LockSupport.parkNanos(this, wait);
    }
    return false;
  }

  // ---- heartbeat ----

  /**
   * By how much this lease may be renewed before it is due, when a sweep comes by anyway: leases
   * that were acquired one after another soon share a few sweeps. Not after a failure, when the
   * store is left alone for a while.
   */
  long earlyNanos() {
    return lastFailure == null ? timing.heartbeatNanos() / SWEEPS_PER_HEARTBEAT : 0;
  }

  /** Claims the store for a renewal; false if it is taken or the lease is over. */
  boolean tryBeginRenewal() {
    return STORE.compareAndSet(this, IDLE, RENEWING);
  }

  /** Renews; the caller has claimed the store. */
  void renewNow() {
    if (renewNow(manager.nanoTime())) {
      manager.counters().renewed.increment();
    }
  }

  /**
   * Renews; the caller has claimed the store, and counts.
   *
   * @param askedAt a reading of the clock, made before this call
   * @return whether the lease was extended
   */
  boolean renewNow(long askedAt) {
    try {
      long before = validUntil;
      RenewalOutcome outcome;
      try {
        outcome = manager.calls().renew(grant, timing.ttlNanos(), askedAt);
      } catch (RuntimeException | Error failure) {
        failed(failure);
        return false;
      }
      if (lingerUntil != 0) {
        renewAt = askedAt + timing.heartbeatNanos();
      } else if (outcome == RenewalOutcome.HELD) {
        return extend(before, askedAt);
      } else {
        lose(outcome == RenewalOutcome.EXPIRED ? LossCause.EXPIRED : LossCause.TAKEN_OVER, null);
      }
      return false;
    } finally {
      giveStoreBack();
    }
  }

  private void giveStoreBack() {
    store = IDLE;
    Thread waiting = closer;
    if (waiting != null) {
      LockSupport.unpark(waiting);
    }
  }

  /**
   * Moves the validity forward, unless it ended: whoever sees the time run out ends it, so that
   * nobody who saw the lease invalid sees it valid again.
   */
  private boolean extend(long before, long askedAt) {
    if (before == ENDED) {
      return false;
    }
    if (askedAt >= before) {
      expire(before);
      return false;
    }
    if (!VALID_UNTIL.compareAndSet(this, before, askedAt + timing.validNanos())) {
      return false;
    }
    RENEWALS.setRelease(this, renewals + 1);
    long late = askedAt - dueAt;
    if (lastFailure != null || late > timing.retryNanos()) {
      manager.counters().lateRenewals.increment();
      LeaseRenewedLateEvent.write(this, late, before - askedAt);
      lastFailure = null;
    }
    dueAt = askedAt + timing.heartbeatNanos();
    RENEW_AT.setRelease(this, dueAt);
    return true;
  }

  private void failed(Throwable failure) {
    lastFailure = failure;
    FAILURES.setRelease(this, failures + 1);
    manager.counters().failedRenewals.increment();
    renewAt = manager.nanoTime() + timing.retryNanos();
  }

  /**
   * Asks a local store whether the grant still stands. Only reads, so it needs no claim on the
   * store; what a release made of the grant is no loss, because the validity ends before it.
   */
  void checkNow(long now) {
    if (validUntil == ENDED) {
      return;
    }
    try {
      if (manager.calls().check(grant, now) == RenewalOutcome.TAKEN_OVER) {
        lose(LossCause.TAKEN_OVER, null);
      }
    } catch (LeaseStoreException unanswered) {
      // The next renewal finds out, and counts.
      return;
    }
  }

  /** Whether neither its owner nor a minimum hold needs the key any longer. */
  boolean isOver() {
    return validUntil == ENDED && lingerUntil == 0;
  }

  // ---- watchdog ----

  /** When the watchdog has to look again. */
  long watchAt() {
    long until = validUntil;
    WorkflowRun run = workflow;
    long deadline = run == null ? Sweeper.NEVER : run.fireAt();
    return until == ENDED ? deadline : Math.min(until, deadline);
  }

  /** Looks at the clock. */
  void watch(long now) {
    long until = validUntil;
    if (until != ENDED && now >= until) {
      expire(until);
    }
    WorkflowRun run = workflow;
    if (run != null && now >= run.fireAt()) {
      run.fire(LossCause.DEADLINE);
    }
  }

  // ---- loss ----

  private void expire(long until) {
    Throwable failure = lastFailure;
    LossCause cause = failure == null ? LossCause.EXPIRED : LossCause.STORE_FAULT;
    if (VALID_UNTIL.compareAndSet(this, until, ENDED)) {
      announce(new LeaseLoss(key, token(), cause, failure));
    }
  }

  /** Ends the lease with a cause, unless it ended before. */
  void lose(LossCause cause, @Nullable Throwable failure) {
    if ((long) VALID_UNTIL.getAndSet(this, ENDED) != ENDED) {
      announce(new LeaseLoss(key, token(), cause, failure));
    }
  }

  private void announce(LeaseLoss lost) {
    List<Consumer<? super LeaseLoss>> toCall;
    synchronized (this) {
      loss = lost;
      toCall = listeners == null ? List.of() : listeners;
      listeners = null;
    }
    manager.counters().countLoss(lost.cause());
    LeaseLostEvent.write(lost);
    WorkflowRun run = workflow;
    if (run != null) {
      run.fire(lost.cause());
    }
    for (Consumer<? super LeaseLoss> listener : toCall) {
      manager.callBack(() -> listener.accept(lost));
    }
  }

  @Override
  public String toString() {
    return "Lease[" + key + ", token " + token() + "]";
  }
}
