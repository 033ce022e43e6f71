package io.ullage.bench.lease;

import java.net.URI;
import java.time.Duration;
import org.redisson.Redisson;
import org.redisson.api.RLock;
import org.redisson.api.RedissonClient;
import org.redisson.config.Config;

/**
 * Redisson's lock with its watchdog, in its default settings. It has no renewal that can be called:
 * what its watchdog does is an expiry set anew, which is asked for here without the owner compared.
 */
final class RedissonLocks implements RedisPeer {
  private static final Duration TTL = Duration.ofNanos(LeasePeer.TTL_NANOS);

  private final RedissonClient client;
  private final RLock lock;

  RedissonLocks(URI server) {
    Config config = new Config();
    config.useSingleServer().setAddress(server.toString());
    client = Redisson.create(config);
    lock = client.getLock("benchmark");
    client.getLock("renewed").lock();
  }

  @Override
  public boolean tryAcquireAndRelease() {
    if (!lock.tryLock()) {
      return false;
    }
    lock.unlock();
    return true;
  }

  @Override
  public void renew() {
    if (!client.getMap("renewed").expire(TTL)) {
      throw new IllegalStateException("the lock was lost");
    }
  }

  @Override
  public void close() {
    client.shutdown();
  }
}
