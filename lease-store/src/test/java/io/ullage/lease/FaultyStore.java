package io.ullage.lease;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A store that fails, hangs and is far away when a test says so. */
final class FaultyStore implements LeaseStore {
  private final LeaseStore store;
  private final boolean local;
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
    this.store = store;
    this.local = local;
  }

  private void act() {
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
    if (grant == null) {
      return null;
    }
    grants.incrementAndGet();
    return new FaultyGrant(grant);
  }

  @Override
  public Optional<LeaseView> peek(String key) {
    pass(askGate);
    return store.peek(key);
  }

  @Override
  public List<LeaseView> list() {
    pass(askGate);
    return store.list();
  }

  @Override
  public boolean revoke(String key, String reason) {
    pass(askGate);
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
      return grant.release();
    }
  }
}
