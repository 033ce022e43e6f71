package io.ullage.lease;

import io.ullage.lease.internal.RecordHandle;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** How a manager takes keys: at once, or after a wait among those who came first. */
final class Acquisitions implements AutoCloseable {
  private final LeaseManager manager;
  private final StoreCalls calls;
  private final LeaseSweeps sweeps;
  private final LeaseCounters counters;
  private final WaitingRoom waitingRoom;
  private final @Nullable OwnedKeys owned;

  Acquisitions(LeaseManager manager, StoreCalls calls, LeaseSweeps sweeps, boolean reentrant) {
    this.manager = manager;
    this.calls = calls;
    this.sweeps = sweeps;
    this.counters = manager.counters();
    this.waitingRoom = new WaitingRoom(manager, this, calls);
    this.owned = reentrant ? new OwnedKeys() : null;
  }

  private Lease owned(ManagedLease lease) {
    return owned == null ? lease : owned.enter(lease);
  }

  /** Another hold of a key that the calling thread holds, if that is possible. */
  private @Nullable Lease again(String key) {
    return owned == null ? null : owned.enterAgain(key);
  }

  /** Tries once; null if somebody has the key. */
  @Nullable Lease tryAcquire(String key, LeaseTiming timing) {
    Lease again = again(key);
    if (again != null) {
      return again;
    }
    ManagedLease lease = attempt(key, timing, "", false);
    if (lease == null) {
      counters.contended.increment();
      return null;
    }
    LeaseEvents.acquired(lease, 0);
    return owned(lease);
  }

  /** Takes a key, waiting for it if need be. */
  Lease acquire(String key, LeaseTiming timing, String note, Duration timeout)
      throws LeaseHeldException, InterruptedException {
    Lease again = again(key);
    if (again != null) {
      return again;
    }
    boolean waits = timeout.isPositive();
    // Whoever waits for a store that may hang does so where it can be interrupted.
    if (calls.isLocal() || !waits) {
      ManagedLease lease = attemptBeforeWaiting(key, timing, note, waits);
      if (lease != null) {
        LeaseEvents.acquired(lease, 0);
        return owned(lease);
      }
      counters.contended.increment();
    }
    if (!waits) {
      throw new LeaseHeldException(key, calls.peek(key).orElse(null));
    }
    LeaseRequest.checkKey(key);
    CompletableFuture<Lease> future = waitingRoom.enter(key, timing, note, timeout, false);
    try {
      return owned((ManagedLease) future.get());
    } catch (ExecutionException e) {
      throw ManagerThreads.unwrap(e);
    } catch (InterruptedException e) {
      waitingRoom.leave(future);
      throw e;
    }
  }

  /** Waits for a key without blocking the caller. */
  CompletableFuture<Lease> acquireAsync(String key, LeaseTiming timing, Duration timeout) {
    return waitingRoom.enter(LeaseRequest.checkKey(key), timing, "", timeout, true);
  }

  /** One attempt; whoever would wait goes on to wait for a store that is busy for the moment. */
  private @Nullable ManagedLease attemptBeforeWaiting(
      String key, LeaseTiming timing, String note, boolean waits) {
    try {
      return attempt(key, timing, note, waits);
    } catch (LeaseStoreException e) {
      if (waits && e.fault() == StoreFault.TIMEOUT) {
        return null;
      }
      throw e;
    }
  }

  private @Nullable ManagedLease attempt(
      String key, LeaseTiming timing, String note, boolean waiting) {
    manager.requireOpen();
    RecordHandle place = calls.prepare(key);
    long askedAt = manager.nanoTime();
    LeaseGrant grant = calls.tryAcquire(key, place, timing.ttlNanos(), note, waiting, askedAt);
    return grant == null ? null : lease(key, grant, timing, askedAt);
  }

  /** One attempt on a thread that may be held up; null if somebody has the key. */
  @Nullable ManagedLease attemptHere(String key, LeaseTiming timing, String note, boolean waiting) {
    manager.requireOpen();
    RecordHandle place = calls.prepare(key);
    long askedAt = manager.nanoTime();
    LeaseGrant grant = calls.tryAcquireHere(key, place, timing.ttlNanos(), note, waiting, askedAt);
    return grant == null ? null : lease(key, grant, timing, askedAt);
  }

  private ManagedLease lease(String key, LeaseGrant grant, LeaseTiming timing, long askedAt) {
    if (!calls.isLocal() && manager.nanoTime() - askedAt >= timing.validNanos()) {
      calls.release(grant, manager.releaseTimeoutNanos());
      throw new LeaseStoreException(
          StoreFault.TIMEOUT,
          "the lease store granted key '" + key + "' so late that its TTL had all but passed");
    }
    ManagedLease lease = new ManagedLease(manager, key, grant, timing, askedAt);
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

  /** A lease of this process was given back. */
  void released(String key) {
    waitingRoom.released(key);
  }

  /** Ends all waits. */
  @Override
  public void close() {
    waitingRoom.close();
  }
}
