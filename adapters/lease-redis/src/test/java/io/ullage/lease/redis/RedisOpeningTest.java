package io.ullage.lease.redis;

import static io.ullage.lease.redis.Grants.LONG_NANOS;
import static io.ullage.lease.redis.Grants.request;
import static io.ullage.lease.redis.Grants.take;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.ullage.lease.LeaseGrant;
import io.ullage.lease.LeaseRequest;
import io.ullage.lease.LeaseStoreException;
import io.ullage.lease.RenewalOutcome;
import io.ullage.lease.StoreFault;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Which servers a store is opened on, and what it says of the others. */
class RedisOpeningTest {
  @Test
  void whoeverAnswersLikeNoRedisServerIsUnavailable() throws Exception {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread.ofPlatform()
          .daemon()
          .start(
              () -> {
                try (Socket client = other.accept()) {
                  client
                      .getOutputStream()
                      .write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.UTF_8));
                  assertThat(client.getInputStream().readAllBytes()).isNotEmpty();
                } catch (IOException gone) {
                  return;
                }
              });

      assertThatExceptionOfType(LeaseStoreException.class)
          .isThrownBy(
              () -> RedisLeaseStore.open(RedisLeaseOptions.of("127.0.0.1", other.getLocalPort())))
          .satisfies(e -> assertThat(e.fault()).isEqualTo(StoreFault.UNAVAILABLE));
    }
  }

  @Test
  void aWrongPasswordIsRefusedAndNeverRepeated() {
    try (RedisServer server = RedisServer.start("--requirepass", "correct horse")) {
      RedisLeaseOptions wrong = server.options().withCredentials(null, "battery-staple");

      assertThatExceptionOfType(LeaseStoreException.class)
          .isThrownBy(() -> RedisLeaseStore.open(wrong))
          .satisfies(e -> assertThat(e.fault()).as("%s", e).isEqualTo(StoreFault.ACCESS))
          .satisfies(
              e -> {
                for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                  assertThat(cause.toString()).doesNotContain("battery");
                }
              });
      assertThat(wrong.toString()).doesNotContain("battery");
      Failures.assertFault(StoreFault.ACCESS, () -> RedisLeaseStore.open(server.options()));
      try (RedisLeaseStore store =
          RedisLeaseStore.open(server.options().withCredentials(null, "correct horse"))) {
        assertThat(take(store, "k").release()).isTrue();
      }
    }
  }

  @Test
  void aUserWhoMayDoNoMoreThanItNeedsHasLeases() throws Exception {
    try (RedisServer server = RedisServer.start()) {
      server.ask(
          "ACL SETUSER ada on >secret ~ullage:leases resetchannels -@all +evalsha +eval +hmget"
              + " +hget +hset +hdel +hscan +hrandfield +time +ping");
      try (RedisLeaseStore store =
          RedisLeaseStore.open(server.options().withCredentials("ada", "secret"))) {
        LeaseGrant grant = take(store, "k");
        assertThat(store.tryAcquire(new LeaseRequest("k", LONG_NANOS, "", true))).isNull();

        assertThat(grant.renew(LONG_NANOS)).isEqualTo(RenewalOutcome.HELD);
        assertThat(grant.release()).isTrue();
        assertThat(store.peek("k")).isEmpty();
        server.ask("ACL SETUSER ada resetkeys");
        Failures.assertFault(StoreFault.ACCESS, () -> store.tryAcquire(request("k")));
      }
    }
  }

  @Test
  void aServerThatMayEvictLeasesIsRefused() {
    try (RedisServer server =
        RedisServer.start("--maxmemory", "100mb", "--maxmemory-policy", "allkeys-lru")) {
      Failures.assertFault(StoreFault.UNSAFE_SETTINGS, server::open);
    }
    try (RedisServer server =
            RedisServer.start("--maxmemory", "100mb", "--maxmemory-policy", "volatile-lru");
        RedisLeaseStore store = server.open()) {
      assertThat(take(store, "k").release()).isTrue();
    }
  }

  @Test
  void nobodyThereIsUnavailable() {
    RedisLeaseOptions options;
    try (RedisServer server = RedisServer.start()) {
      options = server.options();
    }

    assertThatExceptionOfType(LeaseStoreException.class)
        .isThrownBy(() -> RedisLeaseStore.open(options))
        .withMessageContaining("redis://127.0.0.1:" + options.port() + "/ullage")
        .satisfies(e -> assertThat(e.fault()).isEqualTo(StoreFault.UNAVAILABLE));
  }
}
