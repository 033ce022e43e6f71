package io.ullage.bench.lease;

import java.net.URI;

/** Who keeps locks on a Redis server: one key that comes and goes, and one that stays taken. */
interface RedisPeer extends AutoCloseable {
  /** Opens a peer by the name that the benchmark parameter {@code impl} has. */
  static RedisPeer open(String impl, URI server) {
    return switch (impl) {
      case "ullage" -> new RedisLeases(server);
      case "redisson" -> new RedissonLocks(server);
      default ->
          throw new IllegalArgumentException("impl is " + impl + "; allowed: ullage, redisson");
    };
  }

  /** Takes the key and gives it back; false if somebody else has it. */
  boolean tryAcquireAndRelease();

  /** Extends what is held. */
  void renew();

  @Override
  void close();
}
