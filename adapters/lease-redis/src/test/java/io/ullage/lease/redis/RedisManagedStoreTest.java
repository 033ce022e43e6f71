package io.ullage.lease.redis;

import io.ullage.lease.LeaseStore;
import io.ullage.lease.contract.ManagedStoreContract;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** What managers do over this store. */
class RedisManagedStoreTest extends ManagedStoreContract {
  @SuppressWarnings("NullAway.Init") // BeforeAll.
  private static RedisServer server;

  @SuppressWarnings("NullAway.Init") // BeforeAll.
  private static RedisLeaseStore store;

  @BeforeAll
  static void open() {
    server = RedisServer.start();
    store = server.open();
  }

  @AfterAll
  static void close() {
    if (store != null) {
      store.close();
      server.close();
    }
  }

  @Override
  protected LeaseStore store() {
    return store;
  }

  @Override
  protected Duration ttl() {
    return Duration.ofSeconds(2);
  }
}
