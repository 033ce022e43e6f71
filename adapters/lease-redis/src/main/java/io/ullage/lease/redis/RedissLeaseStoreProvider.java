package io.ullage.lease.redis;

import io.ullage.lease.LeaseStore;
import io.ullage.lease.LeaseStoreProvider;
import java.net.URI;

/** Opens {@link RedisLeaseStore}s over TLS, by URIs of the scheme {@code rediss}. */
public final class RedissLeaseStoreProvider implements LeaseStoreProvider {
  /** For {@link java.util.ServiceLoader}. */
  public RedissLeaseStoreProvider() {}

  @Override
  public String scheme() {
    return "rediss";
  }

  @Override
  public LeaseStore open(URI location) {
    return RedisLeaseStore.open(location);
  }
}
