package io.ullage.lease;

import io.ullage.core.ComponentRegistry;
import io.ullage.core.Registration;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Acquires leases from a {@link LeaseStore}, keeps them alive, and says when one is lost.
 *
 * <p>One thread renews all leases of the manager; a second looks only at clocks and fires loss and
 * deadlines, so that a heartbeat that is held up cannot hide an expiry; a third, made when somebody
 * first waits, asks again for those who wait. Listeners run on none of them. A store that is not
 * {@linkplain LeaseStore#isLocal() local} is asked on further threads, and no caller waits for it
 * longer than the {@linkplain LeaseManagerBuilder#callTimeout call timeout}.
 *
 * <p>Thread-safe. Not reentrant unless {@linkplain LeaseManagerBuilder#reentrant built so}: a
 * thread that holds a key is refused it like any other.
 */
public final class LeaseManager implements AutoCloseable {
  private static final ScopedValue<WorkflowRun> RUN = ScopedValue.newInstance();

  private final LongSupplier nanoClock;
  private final LeaseTiming timing;
  private final LeaseManagerOptions options;
  private final LeaseCounters counters = new LeaseCounters();
  private final StoreCalls calls;
  private final LeaseSweeps sweeps;
  private final ExecutorService callbacks = ManagerThreads.callbacks();
  private final WaitingRoom waitingRoom;
  private final @Nullable OwnedKeys owned;
  private final @Nullable Registration status;
  private volatile boolean closed;

  LeaseManager(LeaseStore store, LeaseManagerOptions options, LeaseTiming timing) {
    this.options = options;
    this.nanoClock = options.nanoClock();
    this.timing = timing;
    this.calls = new StoreCalls(store, options.callTimeout(), nanoClock);
    this.sweeps = new LeaseSweeps(calls, counters, options);
    this.waitingRoom = new WaitingRoom(this, calls);
    this.owned = options.reentrant() ? new OwnedKeys() : null;
    ComponentRegistry registry = options.registry();
    this.status = registry == null ? null : publishTo(registry);
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
    return registry.register(new LeaseStatus(options.name(), this, sweeps.held()));
  }

  /**
   * Tries once to take a key.
   *
   * @param key the key
   * @return the lease, or empty if somebody has it
   * @throws LeaseStoreException if the store could not be asked
   */
  public Optional<Lease> tryAcquire(String key) {
    Lease again = enterAgain(key);
    if (again != null) {
      return Optional.of(again);
    }
    ManagedLease lease = attempt(key, timing, "", false);
    if (lease == null) {
      counters.contended.increment();
      return Optional.empty();
    }
    LeaseAcquiredEvent.write(lease, 0);
    return Optional.of(owned == null ? lease : owned.enter(lease));
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
    Lease again = enterAgain(key);
    if (again != null) {
      return again;
    }
    ManagedLease lease = acquire(key, timing, "", timeout);
    return owned == null ? lease : owned.enter(lease);
  }

  /**
   * Takes a key without blocking the caller. The lease belongs to no thread, so it is never
   * reentrant.
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
    Lease again = enterAgain(key);
    if (again != null) {
      return runUnder(again, callerDeadlineAt, workflow, work);
    }
    Duration patience = options.waitOf(workflow);
    Duration left = Duration.ofNanos(Math.max(0, callerDeadlineAt - calledAt));
    ManagedLease lease =
        acquire(key, workTiming, workflow.note(), patience.compareTo(left) < 0 ? patience : left);
    return runUnder(owned == null ? lease : owned.enter(lease), callerDeadlineAt, workflow, work);
  }

  private <T extends @Nullable Object> T runUnder(
      Lease lease, long callerDeadlineAt, WorkflowOptions workflow, LeaseWork<T> work)
      throws Exception {
    ManagedLease managed = OwnedKeys.managed(lease);
    long deadlineAt =
        Math.min(callerDeadlineAt, nanoTime() + options.deadlineOf(workflow).toNanos());
    WorkflowRun outer = RUN.isBound() ? RUN.get() : null;
    WorkflowRun run = new WorkflowRun(outer, Thread.currentThread(), deadlineAt);
    WorkflowRun before = managed.workflow;
    managed.workflow = run;
    sweeps.deadlineAt(deadlineAt);
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
        counters.countLoss(LossCause.CANCELLED);
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
    return calls.peek(key);
  }

  /**
   * What is known of every key.
   *
   * @return views ordered by key
   * @throws LeaseStoreException if the store could not be asked
   */
  public List<LeaseView> list() {
    requireOpen();
    return calls.list();
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
    return calls.revoke(key, reason);
  }

  /**
   * What this manager has done so far.
   *
   * @return counts
   */
  public LeaseStatistics statistics() {
    return counters.statistics(sweeps.held().size());
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
    sweeps.held().close();
    List<Runnable> releases = new ArrayList<>();
    for (ManagedLease lease : sweeps.held().copy()) {
      lease.lose(LossCause.CLOSED, null);
      lease.lingerUntil = 0;
      releases.add(lease::release);
    }
    counters.abandonedReleases.add(calls.releaseAll(releases, releaseTimeoutNanos()));
    sweeps.close();
    ManagerThreads.end(callbacks);
    calls.close();
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

  StoreCalls calls() {
    return calls;
  }

  LeaseSweeps sweeps() {
    return sweeps;
  }

  private @Nullable Lease enterAgain(String key) {
    return owned == null ? null : owned.enterAgain(key);
  }

  /** One attempt; null if somebody has the key. */
  @Nullable ManagedLease attempt(
      String key, LeaseTiming leaseTiming, String note, boolean waiting) {
    requireOpen();
    calls.prepare(key);
    long askedAt = nanoTime();
    LeaseGrant grant = calls.tryAcquire(key, leaseTiming.ttlNanos(), note, waiting, askedAt);
    return grant == null ? null : lease(key, grant, leaseTiming, askedAt);
  }

  /** One attempt on a thread that may be held up. */
  @Nullable ManagedLease attemptHere(
      String key, LeaseTiming leaseTiming, String note, boolean waiting) {
    requireOpen();
    calls.prepare(key);
    long askedAt = nanoTime();
    LeaseGrant grant = calls.tryAcquireHere(key, leaseTiming.ttlNanos(), note, waiting, askedAt);
    return grant == null ? null : lease(key, grant, leaseTiming, askedAt);
  }

  private ManagedLease lease(String key, LeaseGrant grant, LeaseTiming leaseTiming, long askedAt) {
    if (!calls.isLocal() && nanoTime() - askedAt >= leaseTiming.validNanos()) {
      calls.release(grant, releaseTimeoutNanos());
      throw new LeaseStoreException(
          StoreFault.TIMEOUT,
          "the lease store granted key '" + key + "' so late that its TTL had all but passed");
    }
    ManagedLease lease = new ManagedLease(this, key, grant, leaseTiming, askedAt);
    if (!sweeps.add(lease, askedAt)) {
      lease.close();
      throw new IllegalStateException("the lease manager is closed");
    }
    counters.acquired.increment();
    if (grant.isTakeover()) {
      counters.takeovers.increment();
    }
    return lease;
  }

  private ManagedLease acquire(String key, LeaseTiming leaseTiming, String note, Duration timeout)
      throws LeaseHeldException, InterruptedException {
    boolean waits = timeout.isPositive();
    // Whoever waits for a store that may hang does so where it can be interrupted.
    if (calls.isLocal() || !waits) {
      ManagedLease lease = attempt(key, leaseTiming, note, waits);
      if (lease != null) {
        LeaseAcquiredEvent.write(lease, 0);
        return lease;
      }
      counters.contended.increment();
    }
    if (!waits) {
      throw new LeaseHeldException(key, calls.peek(key).orElse(null));
    }
    LeaseRequest.checkKey(key);
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

  void callBack(Runnable callback) {
    ManagerThreads.execute(callbacks, callback);
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
    sweeps.lingerUntil(until);
    return true;
  }

  void forget(ManagedLease lease) {
    sweeps.remove(lease);
  }

  /** Gives a key back to the store, within the release timeout. */
  void release(String key, LeaseGrant grant) {
    if (calls.release(grant, releaseTimeoutNanos())) {
      counters.released.increment();
    } else {
      counters.abandonedReleases.increment();
    }
    waitingRoom.released(key);
  }
}
