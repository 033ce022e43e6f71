package io.ullage.lease;

import io.ullage.core.ComponentRegistry;
import io.ullage.core.Registration;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
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
  private final LongSupplier nanoClock;
  private final LeaseTiming timing;
  private final long releaseTimeoutNanos;
  private final LeaseManagerOptions options;
  private final LeaseCounters counters = new LeaseCounters();
  private final StoreCalls calls;
  private final LeaseSweeps sweeps;
  private final ExecutorService callbacks = ManagerThreads.callbacks();
  private final Acquisitions acquisitions;
  private final Workflows workflows;
  private final @Nullable Registration status;
  private volatile boolean closed;

  LeaseManager(LeaseStore store, LeaseManagerOptions options, LeaseTiming timing) {
    this.options = options;
    this.nanoClock = options.nanoClock();
    this.timing = timing;
    this.releaseTimeoutNanos = options.releaseTimeout().toNanos();
    this.calls = new StoreCalls(store, options.callTimeout(), nanoClock);
    this.sweeps = new LeaseSweeps(calls, counters, options);
    this.acquisitions = new Acquisitions(this, calls, sweeps, options.reentrant());
    this.workflows = new Workflows(this, acquisitions, options);
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
    return Optional.ofNullable(acquisitions.tryAcquire(key, timing));
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
    return acquisitions.acquire(key, timing, "", timeout);
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
    return acquisitions.acquireAsync(key, timing, timeout);
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
    return workflows.run(key, workflow, work);
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
    acquisitions.close();
    sweeps.held().close();
    List<Runnable> releases = new ArrayList<>();
    for (ManagedLease lease : sweeps.held().list()) {
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
    return releaseTimeoutNanos;
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
    sweeps.lingerUntil(lease, until);
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
    acquisitions.released(key);
  }
}
