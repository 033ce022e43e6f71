package io.ullage.lease;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The two threads that look after all leases of a manager: the heartbeat renews what is due, the
 * watchdog looks at nothing but clocks. Neither waits for a store that is not local.
 */
final class LeaseSweeps implements AutoCloseable {
  /** How often a local store is asked whether leases were revoked, if they are few. */
  private static final long GLANCE_NANOS = 250_000_000;

  /**
   * How much longer for each lease: a glance at one that is alone finds nothing of it in the caches
   * and takes some 250 ns, which shall be a twentieth of a percent of a core at most.
   */
  private static final long GLANCE_NANOS_PER_LEASE = 500_000;

  /** A renewal in flight leaves its lease due; it is not asked about more often than this. */
  private static final long FLOOR_NANOS = 1_000_000;

  /** When leases are next asked about that are not due; touched by the sweeps alone. */
  private long glanceAt = Long.MIN_VALUE;

  private final HeldLeases held = new HeldLeases();
  private @Nullable ManagedLease[] toRenew = new ManagedLease[1];
  private @Nullable ManagedLease[] toWatch = new ManagedLease[1];
  private final StoreCalls calls;
  private final LeaseCounters counters;
  private final boolean local;
  private final boolean together;
  private final LongSupplier nanoClock;
  private final Sweeper heartbeat;
  private final Sweeper watchdog;

  LeaseSweeps(StoreCalls calls, LeaseCounters counters, LeaseManagerOptions options) {
    this.counters = counters;
    this.calls = calls;
    this.local = calls.isLocal();
    this.together = calls.renewsTogether();
    this.nanoClock = options.nanoClock();
    this.heartbeat = new Sweeper("ullage-lease-heartbeat", nanoClock, this::renewDue);
    this.watchdog = new Sweeper("ullage-lease-watchdog", nanoClock, this::watch);
    if (options.threads()) {
      heartbeat.start();
      watchdog.start();
    }
  }

  HeldLeases held() {
    return held;
  }

  /** Looks after a lease from now on; false if the leases are closed. */
  boolean add(ManagedLease lease, long askedAt) {
    if (!held.add(lease)) {
      return false;
    }
    long renewAt = lease.renewal().renewAt();
    heartbeat.due(local ? Math.min(renewAt, askedAt + GLANCE_NANOS) : renewAt);
    watchdog.due(lease.watchAt());
    return true;
  }

  void remove(ManagedLease lease) {
    held.remove(lease);
  }

  /** Says that the minimum hold of a lease, which its owner is done with, ends at an instant. */
  void lingerUntil(ManagedLease lease, long until) {
    held.settleAgain(lease);
    heartbeat.due(until);
  }

  /** Says that a deadline passes at an instant. */
  void deadlineAt(long instant) {
    watchdog.due(instant);
  }

  /** Renews what is due; tests without threads call it themselves. */
  long renewDue(long begunAt) {
    boolean glance = local && begunAt >= glanceAt;
    if (glance) {
      held.checkBatch();
    }
    long renewed = held.renewBatch(begunAt, nanoClock);
    if (renewed > 0) {
      counters.renewed.add(renewed);
    }
    long nextAt = Math.min(held.batchDueAt(), renewAlone(begunAt, glance));
    if (glance) {
      glanceAt = begunAt + Math.max(GLANCE_NANOS, held.size() * GLANCE_NANOS_PER_LEASE);
    }
    return local && nextAt != Sweeper.NEVER ? Math.min(nextAt, glanceAt) : nextAt;
  }

  private long renewAlone(long begunAt, boolean glance) {
    long now = begunAt;
    toRenew = held.copy(toRenew, true);
    long nextAt = Sweeper.NEVER;
    List<RenewalRequest> requests = together ? new ArrayList<>() : List.of();
    int count = 0;
    for (ManagedLease lease; (lease = toRenew[count]) != null; count++) {
      if (count % LeaseBatch.BLOCK == LeaseBatch.BLOCK - 1) {
        now = nanoClock.getAsLong();
      }
      long linger = lease.lingerUntil;
      if (linger != 0 && now >= linger) {
        lease.lingerUntil = 0;
        calls.releaseElsewhere(lease::release, lease.renewal().record() != null);
        continue;
      }
      if (lease.isOver()) {
        continue;
      }
      if (linger != 0) {
        nextAt = Math.min(nextAt, linger);
      }
      LeaseRenewal renewal = lease.renewal();
      if (renewal.isDue(now)) {
        renew(lease, renewal, now, requests);
      } else if (glance && linger == 0) {
        renewal.checkNow(now);
      }
      nextAt = Math.min(nextAt, Math.max(renewal.renewAt(), now + FLOOR_NANOS));
    }
    Arrays.fill(toRenew, 0, count, null);
    if (!requests.isEmpty()) {
      calls.renewAll(requests);
    }
    return nextAt;
  }

  private void renew(
      ManagedLease lease, LeaseRenewal renewal, long now, List<RenewalRequest> requests) {
    if (!renewal.tryBegin()) {
      return;
    }
    if (together) {
      requests.add(renewal.request(now));
    } else if (!local) {
      calls.renew(renewal::renewNow);
    } else if (renewal.renewNow(now)) {
      counters.renewed.increment();
      if (renewal.record() != null) {
        held.settleAgain(lease);
      }
    }
  }

  /** Looks at the clocks of all leases; tests without threads call it themselves. */
  long watch(long now) {
    toWatch = held.copy(toWatch, false);
    long nextAt = Sweeper.NEVER;
    int count = 0;
    for (ManagedLease lease; (lease = toWatch[count]) != null; count++) {
      lease.watch(now);
      nextAt = Math.min(nextAt, lease.watchAt());
    }
    Arrays.fill(toWatch, 0, count, null);
    return nextAt;
  }

  @Override
  public void close() {
    heartbeat.close();
    watchdog.close();
  }
}
