package io.ullage.lease;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A store that fails and hangs when a test says so, and may be as far away as a server. */
final class FaultyStore implements LeaseStore {
  /** A question to a server in the same region takes a millisecond or two each way. */
  private static final long FAR_NANOS = 1_000_000;

  private final LeaseStore store;
  private final boolean local;
  private final long wayNanos;
  volatile boolean failing;
  volatile @Nullable CountDownLatch renewalGate;
  volatile @Nullable CountDownLatch releaseGate;
  volatile @Nullable CountDownLatch acquireGate;
  volatile @Nullable CountDownLatch askGate;
  final CountDownLatch acquiring = new CountDownLatch(1);
  final CountDownLatch renewing = new CountDownLatch(1);
  final AtomicInteger grants = new AtomicInteger();
  final AtomicInteger failures = new AtomicInteger();

  FaultyStore(LeaseStore store, boolean local) {
    this(store, local, 0);
  }

  private FaultyStore(LeaseStore store, boolean local, long wayNanos) {
    this.store = store;
    this.local = local;
    this.wayNanos = wayNanos;
  }

  /** A store that is far away and has no fault. */
  static FaultyStore far(LeaseStore store) {
    return new FaultyStore(store, false, FAR_NANOS);
  }

  private void travel() {
    if (wayNanos > 0) {
      LockSupport.parkNanos(wayNanos + ThreadLocalRandom.current().nextLong(wayNanos));
    }
  }

  private void act() {
    travel();
    if (failing) {
      failures.incrementAndGet();
      throw new LeaseStoreException(StoreFault.UNAVAILABLE, "broken by the test");
    }
  }

  private static void pass(@Nullable CountDownLatch gate) {
    if (gate != null) {
      try {
        gate.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  @Override
  public @Nullable LeaseGrant tryAcquire(LeaseRequest request) {
    acquiring.countDown();
    pass(acquireGate);
    act();
    LeaseGrant grant = store.tryAcquire(request);
    travel();
    if (grant == null) {
      return null;
    }
    grants.incrementAndGet();
    return new FaultyGrant(grant);
  }

  @Override
  public Optional<LeaseView> peek(String key) {
    pass(askGate);
    travel();
    return store.peek(key);
  }

  @Override
  public List<LeaseView> list() {
    pass(askGate);
    travel();
    return store.list();
  }

  @Override
  public boolean revoke(String key, String reason) {
    pass(askGate);
    travel();
    return store.revoke(key, reason);
  }

  @Override
  public boolean isLocal() {
    return local;
  }

  @Override
  public void close() {
    store.close();
  }

  private final class FaultyGrant implements LeaseGrant {
    private final LeaseGrant grant;

    FaultyGrant(LeaseGrant grant) {
      this.grant = grant;
    }

    @Override
    public long token() {
      return grant.token();
    }

    @Override
    public boolean isTakeover() {
      return grant.isTakeover();
    }

    @Override
    public RenewalOutcome renew(long ttlNanos) {
      CountDownLatch gate = renewalGate;
      renewing.countDown();
      pass(gate);
      act();
      return grant.renew(ttlNanos);
    }

    @Override
    public RenewalOutcome check() {
      act();
      return grant.check();
    }

    @Override
    public boolean release() {
      pass(releaseGate);
      act();
      boolean freed = grant.release();
      travel();
      return freed;
    }
  }
}
