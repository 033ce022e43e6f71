package io.ullage.lease;

import io.ullage.lease.internal.RecordGrant;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * What a lease asks its store: to be renewed again and again, and in the end to be given back.
 *
 * <p>One thread asks at a time: {@code store} goes IDLE → RENEWING → IDLE for a renewal and IDLE →
 * RELEASING, once, at the end. Hence release begins only after a renewal in flight has ended.
 *
 * <p>A {@link LeaseBatch} makes no such claim. It may coincide with a renewal that {@link #ensure}
 * makes: then the later of two instants may give way to the earlier, which is safe, and one of the
 * two may be missing from the count.
 */
final class LeaseRenewal {
  private static final int IDLE = 0;
  private static final int RENEWING = 1;
  private static final int RELEASING = 2;

  private static final VarHandle STORE;
  private static final VarHandle RENEW_AT;
  private static final VarHandle FAILURES;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      STORE = lookup.findVarHandle(LeaseRenewal.class, "store", int.class);
      FAILURES = lookup.findVarHandle(LeaseRenewal.class, "failures", long.class);
      RENEW_AT = lookup.findVarHandle(LeaseRenewal.class, "renewAt", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final ManagedLease lease;
  private final LeaseTerm term;
  private final LeaseManager manager;
  private final LeaseTiming timing;
  private final LeaseGrant grant;

  private final @Nullable RecordGrant record;

  private volatile int store;
  private volatile long renewAt;

  /** When the renewal was due that was not yet made. */
  private long dueAt;

  private volatile @Nullable Throwable lastFailure;
  private volatile long failures;
  private volatile @Nullable Thread closer;

  /** The renewals of a lease whose grant was asked for at {@code askedAt}. */
  LeaseRenewal(
      ManagedLease lease,
      LeaseTerm term,
      LeaseManager manager,
      LeaseGrant grant,
      LeaseTiming timing,
      long askedAt) {
    this.lease = lease;
    this.term = term;
    this.manager = manager;
    this.timing = timing;
    this.grant = grant;
    this.record = manager.calls().record(grant);
    this.dueAt = askedAt + timing.heartbeatNanos();
    // Plain: nobody else sees a lease before HeldLeases publishes it.
    RENEW_AT.set(this, dueAt);
  }

  LeaseGrant grant() {
    return grant;
  }

  LeaseTiming timing() {
    return timing;
  }

  /** The grant, if it is renewed by one compare-and-set on the manager's own clock. */
  @Nullable RecordGrant record() {
    return record;
  }

  /** Why the store did not renew when it was last asked. */
  @Nullable Throwable lastFailure() {
    return lastFailure;
  }

  /** When the heartbeat next renews. */
  long renewAt() {
    return renewAt;
  }

  /** Says when it next is due, from outside of a renewal. */
  void dueAt(long instant) {
    dueAt = instant;
    renewAt = instant;
  }

  /**
   * Whether a sweep that comes by renews: when the renewal is due, or somewhat {@linkplain
   * LeaseTiming#earlyNanos earlier}, unless the store failed and is left alone for a while.
   */
  boolean isDue(long now) {
    long at = renewAt;
    return now >= at || (now >= at - timing.earlyNanos() && lastFailure == null);
  }

  /** Makes sure that a lease is valid for a while longer, renewing it if need be. */
  void ensure(Duration duration) {
    if (duration.compareTo(Duration.ofNanos(timing.validNanos())) > 0) {
      throw new IllegalArgumentException(
          "duration: "
              + LeaseTiming.text(duration)
              + "; allowed: up to ttl - margin = "
              + LeaseTiming.text(Duration.ofNanos(timing.validNanos())));
    }
    while (lease.remaining().compareTo(duration) < 0) {
      lease.requireHeld();
      long failuresBefore = failures;
      if (tryBegin()) {
        manager.calls().renew(this::renewNow);
      }
      // The renewal that is in flight, ours or the heartbeat's, may hang in the store: this wait
      // is bounded by the validity.
      while (store == RENEWING && lease.isValid()) {
        LockSupport.parkNanos(this, timing.retryNanos() / 16);
      }
      if (failures != failuresBefore
          && lastFailure instanceof LeaseStoreException unavailable
          && lease.isValid()) {
        throw unavailable;
      }
    }
    lease.requireHeld();
  }

  /** Claims the store for a renewal; false if it is taken or the lease is over. */
  boolean tryBegin() {
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
      RenewalOutcome outcome;
      try {
        outcome =
            record == null
                ? grant.renew(timing.ttlNanos())
                : record.renew(timing.ttlNanos(), askedAt);
      } catch (RuntimeException | Error failure) {
        failed(failure);
        return false;
      }
      return isExtended(outcome, askedAt);
    } finally {
      giveStoreBack();
    }
  }

  /**
   * What to ask the store for when it renews this lease with others; the caller has claimed the
   * store, which is given back with the answer.
   *
   * @param askedAt a reading of the clock, made before this call
   * @return the request
   */
  RenewalRequest request(long askedAt) {
    RenewalRequest request = new RenewalRequest(grant, timing.ttlNanos());
    CompletableFuture<RenewalOutcome> ignored =
        request.answer().whenComplete((outcome, failure) -> answered(outcome, failure, askedAt));
    return request;
  }

  private void answered(
      @Nullable RenewalOutcome outcome, @Nullable Throwable failure, long askedAt) {
    try {
      if (failure != null) {
        failed(failure);
      } else if (outcome != null && isExtended(outcome, askedAt)) {
        manager.counters().renewed.increment();
      }
    } finally {
      giveStoreBack();
    }
  }

  private boolean isExtended(RenewalOutcome outcome, long askedAt) {
    if (lease.lingerUntil != 0) {
      linger(askedAt);
    } else if (outcome == RenewalOutcome.HELD) {
      return extend(askedAt);
    } else {
      lease.lose(
          outcome == RenewalOutcome.EXPIRED ? LossCause.EXPIRED : LossCause.TAKEN_OVER, null);
    }
    return false;
  }

  private void giveStoreBack() {
    store = IDLE;
    Thread waiting = closer;
    if (waiting != null) {
      LockSupport.unpark(waiting);
    }
  }

  private void linger(long askedAt) {
    renewAt = askedAt + timing.heartbeatNanos();
  }

  private boolean extend(long askedAt) {
    if (term.isEnded()) {
      return false;
    }
    long before = term.until();
    if (askedAt >= before) {
      lease.expire();
      return false;
    }
    term.extend(askedAt + timing.validNanos());
    long late = askedAt - dueAt;
    if (late > timing.retryNanos() || lastFailure != null) {
      manager.counters().lateRenewals.increment();
      LeaseEvents.renewedLate(lease, late, before - askedAt);
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
    try {
      RenewalOutcome outcome = record == null ? grant.check() : record.check(now);
      if (outcome == RenewalOutcome.TAKEN_OVER) {
        lease.lose(LossCause.TAKEN_OVER, null);
      }
    } catch (LeaseStoreException unanswered) {
      // The next renewal finds out, and counts.
      return;
    }
  }

  // ---- the end ----

  /** Claims the store for the release, once; false if somebody did, or a renewal never ends. */
  boolean beginRelease() {
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
        manager.forget(lease);
        manager.counters().abandonedReleases.increment();
        return false;
      }
      LockSupport.parkNanos(this, wait);
    }
    return false;
  }
}
