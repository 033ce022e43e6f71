package io.ullage.lease;

import io.ullage.core.ComponentRegistry;
import io.ullage.core.Registration;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Acquires leases from a {@link LeaseStore}, keeps them alive, and says when one is lost.
 *
 * <p>One thread renews all leases of the manager; a second looks only at clocks and fires loss and
 * deadlines, so that a heartbeat that hangs in the store cannot hide an expiry; a third, made when
 * somebody first waits, asks again for those who wait. Listeners run on none of them.
 *
 * <p>Thread-safe. Not reentrant: a thread that holds a key is refused it like any other.
 */
public final class LeaseManager implements AutoCloseable {
  /**
   * How often a local store is asked whether a lease was revoked: a glance of a few nanoseconds.
   */
  private static final long GLANCE_NANOS = 250_000_000;

  private static final ScopedValue<WorkflowRun> RUN = ScopedValue.newInstance();

  private final LeaseStore store;
  private final LongSupplier nanoClock;
  private final LeaseTiming timing;
  private final LeaseManagerOptions options;
  private final LeaseCounters counters = new LeaseCounters();
  private final HeldLeases held = new HeldLeases();
  private final ExecutorService callbacks;
  private final ExecutorService calls;
  private final Sweeper heartbeat;
  private final Sweeper watchdog;
  private final WaitingRoom waitingRoom;
  private final @Nullable Registration status;
  private volatile boolean closed;

  LeaseManager(LeaseStore store, LeaseManagerOptions options) {
    this.store = store;
    this.options = options;
    this.nanoClock = options.nanoClock();
    this.timing = LeaseTiming.of(options.ttl(), options.heartbeat());
    this.callbacks = ManagerThreads.callbacks();
    this.calls = ManagerThreads.storeCalls();
    this.heartbeat = new Sweeper("ullage-lease-heartbeat", nanoClock, this::renewDue);
    this.watchdog = new Sweeper("ullage-lease-watchdog", nanoClock, this::watch);
    this.waitingRoom = new WaitingRoom(this, store.isLocal());
    ComponentRegistry registry = options.registry();
    this.status = registry == null ? null : publishTo(registry);
    if (options.threads()) {
      heartbeat.start();
      watchdog.start();
    }
  }

  /**
   * A manager to be configured.
   *
   * @param store where the leases are kept; closed by the caller, after the manager
   * @return a builder
   */
  public static LeaseManagerBuilder builder(LeaseStore store) {
    return new LeaseManagerBuilder(store);
  }

  /**
   * Shows the leases of this manager among the status sources of a registry, for a manager that is
   * older than the registry; {@link LeaseManagerBuilder#registry} does it for one that is younger.
   *
   * @param registry where monitoring looks
   * @return takes it back when closed
   */
  public Registration publishTo(ComponentRegistry registry) {
    return registry.register(new LeaseStatus(options.name(), this, held));
  }

  /**
   * Tries once to take a key.
   *
   * @param key the key
   * @return the lease, or empty if somebody has it
   * @throws LeaseStoreException if the store could not be asked
   */
  public Optional<Lease> tryAcquire(String key) {
    ManagedLease lease = attempt(key, timing, "", false);
    if (lease == null) {
      counters.contended.increment();
      return Optional.empty();
    }
    LeaseAcquiredEvent.write(key, lease.token(), 0);
    return Optional.of(lease);
  }

  /**
   * Takes a key, waiting for it if need be.
   *
   * @param key the key
   * @param timeout how long to wait at most; zero tries once
   * @return the lease
   * @throws LeaseHeldException if somebody else had it all the time
   * @throws InterruptedException if the caller was interrupted while waiting
   * @throws LeaseStoreException if the store could not be asked
   */
  public Lease acquire(String key, Duration timeout)
      throws LeaseHeldException, InterruptedException {
    return acquire(key, timing, "", timeout);
  }

  /**
   * Takes a key without blocking the caller.
   *
   * @param key the key
   * @param timeout how long to wait at most
   * @return completes with the lease, or with {@link LeaseHeldException} or {@link
   *     LeaseStoreException}; cancelling it ends the wait
   */
  public CompletableFuture<Lease> acquireAsync(String key, Duration timeout) {
    requireOpen();
    return waitingRoom.enter(LeaseRequest.checkKey(key), timing, "", timeout, true);
  }

  /**
   * Runs work under a lease, on the caller's thread: takes the key, runs the work, gives the key
   * back. When the lease is lost or the deadline passes, the thread is interrupted; what the work
   * then returns or throws is replaced by {@link LeaseLostException}. After a deadline the lease is
   * kept alive until the work has ended, so that it is never free under running work. An interrupt
   * by somebody else that coincides with the manager's own is taken for it.
   *
   * @param key the key
   * @param workflow how to run it
   * @param work the work
   * @param <T> its result
   * @return its result
   * @throws LeaseHeldException if the key was held for as long as the options would wait
   * @throws LeaseLostException if the lease was lost or the deadline passed; says which
   * @throws InterruptedException if the caller was interrupted by somebody else
   * @throws Exception what the work threw
   */
  public <T extends @Nullable Object> T run(String key, WorkflowOptions workflow, LeaseWork<T> work)
      throws Exception {
    requireOpen();
    LeaseTiming workTiming = options.timingOf(workflow);
    long calledAt = nanoTime();
    long callerDeadlineAt = callerDeadlineAt(calledAt, workflow.callerDeadline());
    Duration patience = options.waitOf(workflow);
    Duration left = Duration.ofNanos(Math.max(0, callerDeadlineAt - calledAt));
    ManagedLease lease =
        acquire(key, workTiming, workflow.note(), patience.compareTo(left) < 0 ? patience : left);
    long deadlineAt =
        Math.min(callerDeadlineAt, nanoTime() + options.deadlineOf(workflow).toNanos());
    WorkflowRun run =
        new WorkflowRun(RUN.isBound() ? RUN.get() : null, Thread.currentThread(), deadlineAt);
    lease.workflow = run;
    watchdog.due(deadlineAt);
    // A loss between the acquisition and here found no work to tell.
    lease.loss().ifPresent(loss -> run.fire(loss.cause()));
    T result;
    try {
      result = ScopedValue.where(RUN, run).call(() -> work.run(lease));
    } catch (Throwable thrown) {
      LossCause cause = finish(lease, run, workflow);
      if (cause != null) {
        throw lost(lease, cause, thrown);
      }
      if (thrown instanceof InterruptedException) {
        counters.countLoss(LossCause.CANCELLED);
      }
      throw ManagerThreads.rethrow(thrown);
    }
    LossCause cause = finish(lease, run, workflow);
    if (cause != null) {
      throw lost(lease, cause, null);
    }
    return result;
  }

  private @Nullable LossCause finish(
      ManagedLease lease, WorkflowRun run, WorkflowOptions workflow) {
    LossCause cause = run.end();
    lease.workflow = null;
    lease.close(workflow.holdAtLeast().toNanos());
    if (cause == LossCause.DEADLINE) {
      counters.countLoss(cause);
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

  private static long callerDeadlineAt(long calledAt, @Nullable Duration callerDeadline) {
    long outer = RUN.isBound() ? RUN.get().deadlineAt() : Sweeper.NEVER;
    return callerDeadline == null ? outer : Math.min(outer, calledAt + callerDeadline.toNanos());
  }

  /**
   * What is known of a key.
   *
   * @param key the key
   * @return its view; empty if nobody ever held it
   * @throws LeaseStoreException if the store could not be asked
   */
  public Optional<LeaseView> peek(String key) {
    requireOpen();
    return store.peek(key);
  }

  /**
   * What is known of every key.
   *
   * @return views ordered by key
   * @throws LeaseStoreException if the store could not be asked
   */
  public List<LeaseView> list() {
    requireOpen();
    return store.list();
  }

  /**
   * Tells the holder of a key to let go; see {@link LeaseStore#revoke}.
   *
   * @param key the key
   * @param reason who wants this and why
   * @return whether there was a holder to tell
   * @throws LeaseStoreException if the store could not be asked
   */
  public boolean forceRelease(String key, String reason) {
    requireOpen();
    if (reason.isBlank()) {
      throw new IllegalArgumentException("reason: blank; allowed: text that says who and why");
    }
    return store.revoke(key, reason);
  }

  /**
   * What this manager has done so far.
   *
   * @return counts
   */
  public LeaseStatistics statistics() {
    return counters.statistics(held.size());
  }

  /**
   * Ends all leases of this manager with {@link LossCause#CLOSED}, gives their keys back, ends all
   * waits and all threads. Takes at most a few release timeouts.
   */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    if (status != null) {
      status.close();
    }
    waitingRoom.close();
    held.close();
    for (ManagedLease lease : held.copy()) {
      lease.lose(LossCause.CLOSED, null);
      lease.lingerUntil = 0;
      lease.release();
    }
    heartbeat.close();
    watchdog.close();
    ManagerThreads.end(callbacks);
    ManagerThreads.end(calls);
  }

  // ---- for the lease, the sweepers and the waiting room ----

  long nanoTime() {
    return nanoClock.getAsLong();
  }

  LeaseCounters counters() {
    return counters;
  }

  long releaseTimeoutNanos() {
    return options.releaseTimeout().toNanos();
  }

  void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the lease manager is closed");
    }
  }

  /** One attempt; null if somebody has the key. */
  @Nullable ManagedLease attempt(
      String key, LeaseTiming leaseTiming, String note, boolean waiting) {
    requireOpen();
    long askedAt = nanoTime();
    LeaseGrant grant =
        store.tryAcquire(new LeaseRequest(key, leaseTiming.ttlNanos(), note, waiting));
    if (grant == null) {
      return null;
    }
    ManagedLease lease = new ManagedLease(this, key, grant, leaseTiming, askedAt);
    if (!held.add(lease)) {
      lease.close();
      throw new IllegalStateException("the lease manager is closed");
    }
    counters.acquired.increment();
    heartbeat.due(
        store.isLocal() ? Math.min(lease.renewAt, askedAt + GLANCE_NANOS) : lease.renewAt);
    watchdog.due(lease.watchAt());
    return lease;
  }

  private ManagedLease acquire(String key, LeaseTiming leaseTiming, String note, Duration timeout)
      throws LeaseHeldException, InterruptedException {
    ManagedLease lease = attempt(key, leaseTiming, note, !timeout.isZero());
    if (lease != null) {
      LeaseAcquiredEvent.write(key, lease.token(), 0);
      return lease;
    }
    counters.contended.increment();
    if (timeout.isZero() || timeout.isNegative()) {
      throw new LeaseHeldException(key, store.peek(key).orElse(null));
    }
    CompletableFuture<Lease> future = waitingRoom.enter(key, leaseTiming, note, timeout, false);
    try {
      return (ManagedLease) future.get();
    } catch (ExecutionException e) {
      throw ManagerThreads.unwrap(e);
    } catch (InterruptedException e) {
      waitingRoom.leave(future);
      throw e;
    }
  }

  /** The views of a key's holder, for those who did not get it. */
  @Nullable LeaseView holderOf(String key) {
    return store.peek(key).orElse(null);
  }

  void callBack(Runnable callback) {
    ManagerThreads.execute(callbacks, callback);
  }

  ExecutorService storeCalls() {
    return calls;
  }

  /** Lets a lease that its owner is done with stay taken; false if there is no need or no way. */
  boolean linger(ManagedLease lease, long until) {
    if (closed || nanoTime() >= until) {
      return false;
    }
    lease.lingerUntil = until;
    if (closed) {
      // Closing may have passed this lease by.
      lease.lingerUntil = 0;
      return false;
    }
    heartbeat.due(until);
    return true;
  }

  void forget(ManagedLease lease) {
    held.remove(lease);
  }

  /** Gives a key back to the store, within the release timeout. */
  void release(String key, LeaseGrant grant) {
    try {
      if (store.isLocal()) {
        grant.release();
      } else {
        Future<Boolean> answer = calls.submit(grant::release);
        answer.get(releaseTimeoutNanos(), TimeUnit.NANOSECONDS);
      }
      counters.released.increment();
    } catch (InterruptedException e) {
      // The release goes on behind our back.
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException | RuntimeException e) {
      counters.abandonedReleases.increment();
    }
    waitingRoom.released(key);
  }

  /** Renews what is due; also the heartbeat of tests, which call it themselves. */
  long renewDue(long now) {
    long nextAt = Sweeper.NEVER;
    boolean local = store.isLocal();
    for (ManagedLease lease : held.copy()) {
      long linger = lease.lingerUntil;
      if (linger != 0 && now >= linger) {
        lease.lingerUntil = 0;
        lease.release();
        continue;
      }
      if (lease.isOver()) {
        continue;
      }
      if (now >= lease.renewAt) {
        renew(lease, local);
      } else if (local && linger == 0) {
        lease.checkNow();
      }
      long at = Math.max(lease.renewAt, now + GLANCE_FLOOR_NANOS);
      nextAt = Math.min(nextAt, local ? Math.min(at, now + GLANCE_NANOS) : at);
      if (linger != 0) {
        nextAt = Math.min(nextAt, linger);
      }
    }
    return nextAt;
  }

  /** A renewal in flight leaves its lease due; it is not asked about more often than this. */
  private static final long GLANCE_FLOOR_NANOS = 1_000_000;

  private void renew(ManagedLease lease, boolean local) {
    if (!lease.tryBeginRenewal()) {
      return;
    }
    if (local) {
      lease.renewNow();
    } else {
      ManagerThreads.execute(calls, lease::renewNow);
    }
  }

  /** Looks at the clocks of all leases; also called by tests. */
  long watch(long now) {
    long nextAt = Sweeper.NEVER;
    for (ManagedLease lease : held.copy()) {
      lease.watch(now);
      nextAt = Math.min(nextAt, lease.watchAt());
    }
    return nextAt;
  }
}
