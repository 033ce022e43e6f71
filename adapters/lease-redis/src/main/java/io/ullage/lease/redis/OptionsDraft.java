package io.ullage.lease.redis;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Options that are still being put together; nothing is checked before they are done. */
final class OptionsDraft {
  String host;
  int port;
  int database;
  String prefix;
  @Nullable String user;
  @Nullable String password;
  boolean tls;
  @Nullable Path certificates;
  Duration requestTimeout;
  int replicas;
  Duration replicaTimeout;

  /** What a server's address alone means. */
  OptionsDraft(String host, int port) {
    this.host = host;
    this.port = port;
    this.prefix = RedisLeaseOptions.DEFAULT_PREFIX;
    this.requestTimeout = RedisLeaseOptions.DEFAULT_REQUEST_TIMEOUT;
    this.replicaTimeout = Duration.ZERO;
  }

  /** What some options are, to be changed. */
  OptionsDraft(RedisLeaseOptions options) {
    this.host = options.host();
    this.port = options.port();
    this.database = options.database();
    this.prefix = options.prefix();
    this.user = options.user();
    this.password = options.password();
    this.tls = options.tls();
    this.certificates = options.certificates();
    this.requestTimeout = options.requestTimeout();
    this.replicas = options.replicas();
    this.replicaTimeout = options.replicaTimeout();
  }

  /**
   * Checks them all.
   *
   * @throws IllegalArgumentException naming the one that is wrong
   */
  RedisLeaseOptions done() {
    return new RedisLeaseOptions(
        host,
        port,
        database,
        prefix,
        user,
        password,
        tls,
        certificates,
        requestTimeout,
        replicas,
        replicaTimeout);
  }
}
