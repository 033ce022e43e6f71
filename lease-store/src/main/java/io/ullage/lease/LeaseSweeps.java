package io.ullage.lease;

import java.util.function.LongSupplier;

/**
 * The two threads that look after all leases of a manager: the heartbeat renews what is due, the
 * watchdog looks at nothing but clocks. Neither waits for a store that is not local.
 */
final class LeaseSweeps implements AutoCloseable {
  /** How often a local store is asked whether leases were revoked, if they are few. */
  private static final long GLANCE_NANOS = 250_000_000;

  /**
   * How much longer for each lease: a glance finds nothing of it in the caches and takes some 250
   * ns, which shall be a twentieth of a percent of a core at most.
   */
  private static final long GLANCE_NANOS_PER_LEASE = 500_000;

  /** A renewal in flight leaves its lease due; it is not asked about more often than this. */
  private static final long FLOOR_NANOS = 1_000_000;

  /** Reading the clock for each lease would cost more than renewing it. */
  private static final int LEASES_PER_CLOCK_READ = 64;

  /** When leases are next asked about that are not due; touched by the sweeps alone. */
  private long glanceAt = Long.MIN_VALUE;

  private final HeldLeases held = new HeldLeases();
  private final StoreCalls calls;
  private final LeaseCounters counters;
  private final boolean local;
  private final LongSupplier nanoClock;
  private final Sweeper heartbeat;
  private final Sweeper watchdog;

  LeaseSweeps(StoreCalls calls, LeaseCounters counters, LeaseManagerOptions options) {
    this.counters = counters;
    this.calls = calls;
    this.local = calls.isLocal();
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
    heartbeat.due(local ? Math.min(lease.renewAt, askedAt + GLANCE_NANOS) : lease.renewAt);
    watchdog.due(lease.watchAt());
    return true;
  }

  void remove(ManagedLease lease) {
    held.remove(lease);
  }

  /** Says that a minimum hold ends at an instant. */
  void lingerUntil(long until) {
    heartbeat.due(until);
  }

  /** Says that a deadline passes at an instant. */
  void deadlineAt(long instant) {
    watchdog.due(instant);
  }

  /** Renews what is due; tests without threads call it themselves. */
  long renewDue(long begunAt) {
    long now = begunAt;
    boolean glance = local && begunAt >= glanceAt;
    ManagedLease[] leases = held.copy();
    if (glance) {
      glanceAt = begunAt + Math.max(GLANCE_NANOS, leases.length * GLANCE_NANOS_PER_LEASE);
    }
    long nextAt = Sweeper.NEVER;
    long renewed = 0;
    int seen = 0;
    for (ManagedLease lease : leases) {
      if (++seen % LEASES_PER_CLOCK_READ == 0) {
        now = nanoClock.getAsLong();
      }
      long linger = lease.lingerUntil;
      if (linger != 0 && now >= linger) {
        lease.lingerUntil = 0;
        calls.renew(lease::release);
        continue;
      }
      if (lease.isOver()) {
        continue;
      }
      if (now >= lease.renewAt - lease.earlyNanos()) {
        if (lease.tryBeginRenewal()) {
          if (!local) {
            calls.renew(lease::renewNow);
          } else if (lease.renewNow(now)) {
            renewed++;
          }
        }
      } else if (glance && linger == 0) {
        lease.checkNow(now);
      }
      nextAt = Math.min(nextAt, Math.max(lease.renewAt, now + FLOOR_NANOS));
      if (linger != 0) {
        nextAt = Math.min(nextAt, linger);
      }
    }
    if (renewed > 0) {
      counters.renewed.add(renewed);
    }
    return local && nextAt != Sweeper.NEVER ? Math.min(nextAt, glanceAt) : nextAt;
  }

  /** Looks at the clocks of all leases; tests without threads call it themselves. */
  long watch(long now) {
    long nextAt = Sweeper.NEVER;
    for (ManagedLease lease : held.copy()) {
      lease.watch(now);
      nextAt = Math.min(nextAt, lease.watchAt());
    }
    return nextAt;
  }

  @Override
  public void close() {
    heartbeat.close();
    watchdog.close();
  }
}
