package io.ullage.lease;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A store as far away as a server in the same region: each question takes a millisecond or two. */
final class FarStore implements LeaseStore {
  private static final long LEAST_NANOS = Duration.ofMillis(1).toNanos();

  private final LeaseStore store;

  FarStore(LeaseStore store) {
    this.store = store;
  }

  private static void travel() {
    LockSupport.parkNanos(LEAST_NANOS + ThreadLocalRandom.current().nextLong(LEAST_NANOS));
  }

  @Override
  public @Nullable LeaseGrant tryAcquire(LeaseRequest request) {
    travel();
    LeaseGrant grant = store.tryAcquire(request);
    travel();
    return grant == null ? null : new FarGrant(grant);
  }

  @Override
  public Optional<LeaseView> peek(String key) {
    travel();
    return store.peek(key);
  }

  @Override
  public List<LeaseView> list() {
    travel();
    return store.list();
  }

  @Override
  public boolean revoke(String key, String reason) {
    travel();
    return store.revoke(key, reason);
  }

  @Override
  public boolean isLocal() {
    return false;
  }

  @Override
  public void close() {
    store.close();
  }

  private static final class FarGrant implements LeaseGrant {
    private final LeaseGrant grant;

    FarGrant(LeaseGrant grant) {
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
      travel();
      return grant.renew(ttlNanos);
    }

    @Override
    public RenewalOutcome check() {
      travel();
      return grant.check();
    }

    @Override
    public boolean release() {
      travel();
      boolean freed = grant.release();
      travel();
      return freed;
    }
  }
}
