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

  private static final VarHandle VALID_UNTIL;
  private static final VarHandle STORE;
  private static final VarHandle RENEWALS;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      VALID_UNTIL = lookup.findVarHandle(ManagedLease.class, "validUntil", long.class);
      STORE = lookup.findVarHandle(ManagedLease.class, "store", int.class);
      RENEWALS = lookup.findVarHandle(ManagedLease.class, "renewals", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  // Links of HeldLeases, guarded by its lock.
  @Nullable ManagedLease previous;
  @Nullable ManagedLease next;
  boolean listed;

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

  private volatile @Nullable Throwable lastFailure;
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
    this.validUntil = askedAt + timing.validNanos();
    this.renewAt = askedAt + timing.heartbeatNanos();
  }

  @Override
  public String key() {
    return key;
  }

  @Override
  public long token() {
    return grant.token();
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
    return until == ENDED
        ? Duration.ZERO
        : Duration.ofNanos(Math.max(0, until - manager.nanoTime()));
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
      if (tryBeginRenewal()) {
        renewNow();
        Throwable failure = lastFailure;
        if (failure instanceof LeaseStoreException unavailable && loss == null) {
          throw unavailable;
        }
      } else {
        // Somebody else's renewal is in flight; it is bounded, and so is this wait, by the
        // validity.
        LockSupport.parkNanos(this, timing.retryNanos() / 16);
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

  /** Claims the store for a renewal; false if it is taken or the lease is over. */
  boolean tryBeginRenewal() {
    return STORE.compareAndSet(this, IDLE, RENEWING);
  }

  /** Renews; the caller has claimed the store. */
  void renewNow() {
    try {
      long before = validUntil;
      long askedAt = manager.nanoTime();
      RenewalOutcome outcome;
      try {
        outcome = grant.renew(timing.ttlNanos());
      } catch (RuntimeException | Error failure) {
        failed(failure);
        return;
      }
      if (lingerUntil != 0) {
        renewAt = askedAt + timing.heartbeatNanos();
      } else if (outcome == RenewalOutcome.HELD) {
        extend(before, askedAt);
      } else {
        lose(outcome == RenewalOutcome.EXPIRED ? LossCause.EXPIRED : LossCause.TAKEN_OVER, null);
      }
    } finally {
      store = IDLE;
      LockSupport.unpark(closer);
    }
  }

  private void extend(long before, long askedAt) {
    if (before == ENDED) {
      return;
    }
    if (manager.nanoTime() >= before) {
      expire(before);
      return;
    }
    if (VALID_UNTIL.compareAndSet(this, before, askedAt + timing.validNanos())) {
      RENEWALS.setRelease(this, renewals + 1);
      manager.counters().renewed.increment();
      if (lastFailure != null) {
        manager.counters().lateRenewals.increment();
        lastFailure = null;
      }
      renewAt = askedAt + timing.heartbeatNanos();
    }
  }

  private void failed(Throwable failure) {
    lastFailure = failure;
    manager.counters().failedRenewals.increment();
    renewAt = manager.nanoTime() + timing.retryNanos();
  }

  /** Asks a local store whether the grant still stands. */
  void checkNow() {
    if (validUntil == ENDED || !tryBeginRenewal()) {
      return;
    }
    try {
      RenewalOutcome outcome = grant.check();
      if (outcome == RenewalOutcome.TAKEN_OVER) {
        lose(LossCause.TAKEN_OVER, null);
      }
    } catch (RuntimeException | Error failure) {
      failed(failure);
    } finally {
      store = IDLE;
      LockSupport.unpark(closer);
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
