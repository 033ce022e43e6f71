package io.ullage.bench.lease;

import io.ullage.lease.Lease;
import io.ullage.lease.LeaseGrant;
import io.ullage.lease.LeaseManager;
import io.ullage.lease.LeaseRequest;
import io.ullage.lease.RenewalOutcome;
import io.ullage.lease.redis.RedisLeaseStore;
import java.net.URI;
import java.util.Objects;
import java.util.Optional;

/** Leases of a manager, with its heartbeat and watchdog, on a server. */
final class RedisLeases implements RedisPeer {
  private final RedisLeaseStore store;
  private final LeaseManager manager;
  private final LeaseGrant renewed;

  RedisLeases(URI server) {
    store = RedisLeaseStore.open(server);
    manager = LeaseManager.builder(store).build();
    renewed =
        Objects.requireNonNull(
            store.tryAcquire(new LeaseRequest("renewed", LeasePeer.TTL_NANOS, "", false)));
  }

  @Override
  public boolean tryAcquireAndRelease() {
    Optional<Lease> lease = manager.tryAcquire("benchmark");
    lease.ifPresent(Lease::close);
    return lease.isPresent();
  }

  @Override
  public void renew() {
    if (renewed.renew(LeasePeer.TTL_NANOS) != RenewalOutcome.HELD) {
      throw new IllegalStateException("the lease was lost");
    }
  }

  @Override
  public void close() {
    manager.close();
    store.close();
  }
}
