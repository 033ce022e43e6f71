package io.ullage.lease.redis;

import io.ullage.lease.LeaseStore;
import io.ullage.lease.LeaseStoreProvider;
import java.net.URI;

/** Opens {@link RedisLeaseStore}s by URIs of the scheme {@code redis}. */
public final class RedisLeaseStoreProvider implements LeaseStoreProvider {
  /** For {@link java.util.ServiceLoader}. */
  public RedisLeaseStoreProvider() {}

  @Override
  public String scheme() {
    return "redis";
  }

  @Override
  public LeaseStore open(URI location) {
    return RedisLeaseStore.open(location);
  }
}
