package io.ullage.lease.redis;

import io.ullage.lease.LeaseGrant;
import io.ullage.lease.LeaseRequest;
import io.ullage.lease.LeaseStore;
import java.time.Duration;
import java.util.Objects;

/** What tests ask of a store. */
final class Grants {
  static final long LONG_NANOS = Duration.ofSeconds(30).toNanos();

  /** How long a test waits for what must come. */
  static final Duration PATIENCE = Duration.ofSeconds(60);

  private Grants() {}

  static LeaseRequest request(String key) {
    return new LeaseRequest(key, LONG_NANOS, "", false);
  }

  static LeaseGrant take(LeaseStore store, String key) {
    return Objects.requireNonNull(store.tryAcquire(request(key)));
  }

  static void awaitFree(LeaseStore store, String key) {
    while (store.peek(key).isPresent()) {
      RedisServer.pause();
    }
  }
}
