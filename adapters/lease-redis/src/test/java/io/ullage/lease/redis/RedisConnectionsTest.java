package io.ullage.lease.redis;

import static io.ullage.lease.redis.Grants.PATIENCE;
import static io.ullage.lease.redis.Grants.take;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.ullage.lease.Lease;
import io.ullage.lease.LeaseGrant;
import io.ullage.lease.LeaseManager;
import io.ullage.lease.LeaseRequest;
import io.ullage.lease.LeaseStoreException;
import io.ullage.lease.StoreFault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** How many connections a store has, and what it does with those that fail. */
class RedisConnectionsTest {
  @Test
  void aConnectionThatNoLongerAnswersIsReplaced() throws Exception {
    try (RedisServer server = RedisServer.start();
        TcpProxy proxy = new TcpProxy(server);
        RedisLeaseStore store =
            RedisLeaseStore.open(proxy.options().withRequestTimeout(Duration.ofMillis(300)));
        LeaseManager manager = LeaseManager.builder(store).ttl(Duration.ofSeconds(10)).build()) {
      Lease lease = manager.tryAcquire("k").orElseThrow();
      int before = proxy.connections.get();
      proxy.partition();

      while (lease.renewals() < 2 && lease.loss().isEmpty()) {
        RedisServer.pause();
      }

      assertThat(lease.loss()).isEmpty();
      assertThat(manager.statistics().failedRenewals()).isPositive();
      assertThat(proxy.connections.get()).isGreaterThan(before);
    }
  }

  @Test
  void oneConnectionThatDoesNotAnswerSpeaksForAllThatAreIdle() throws Exception {
    try (RedisServer server = RedisServer.start();
        TcpProxy proxy = new TcpProxy(server);
        RedisLeaseStore store =
            RedisLeaseStore.open(proxy.options().withRequestTimeout(Duration.ofSeconds(2)))) {
      proxy.replyDelayMillis = 100;
      while (proxy.connections.get() < 2) {
        CompletableFuture<LeaseGrant> beside =
            CompletableFuture.supplyAsync(() -> take(store, "beside"));
        assertThat(take(store, "k").release()).isTrue();
        assertThat(beside.join().release()).isTrue();
      }
      proxy.replyDelayMillis = 0;
      proxy.partition();

      Failures.assertFault(StoreFault.TIMEOUT, () -> store.peek("k"));

      assertThat(store.peek("k")).isEmpty();
    }
  }

  @Test
  void aConnectionThatTheServerHasEndedCostsNoRequest() throws Exception {
    try (RedisServer server = RedisServer.start();
        RedisLeaseStore store = server.open()) {
      assertThat(take(store, "k").release()).isTrue();
      server.kill();
      server.restart();

      assertThat(take(store, "k").release()).isTrue();
    }
  }

  @Test
  void moreThreadsAskThanThereAreConnections() throws Exception {
    int threads = 50;
    try (RedisServer server = RedisServer.start();
        TcpProxy proxy = new TcpProxy(server);
        RedisLeaseStore store = RedisLeaseStore.open(proxy.options())) {
      proxy.replyDelayMillis = 20;
      List<CompletableFuture<Boolean>> released = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        String key = "k" + i;
        CompletableFuture<Boolean> one = new CompletableFuture<>();
        released.add(one);
        Thread.ofPlatform().daemon().start(() -> one.complete(take(store, key).release()));
      }

      for (CompletableFuture<Boolean> one : released) {
        assertThat(one.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
      }
      assertThat(proxy.connections.get()).isBetween(2, 16);
    }
  }

  @Test
  void whoFindsAllConnectionsTakenIsToldInTime() throws Exception {
    int connections = 16;
    try (RedisServer server = RedisServer.start();
        TcpProxy proxy = new TcpProxy(server);
        RedisLeaseStore store =
            RedisLeaseStore.open(proxy.options().withRequestTimeout(PATIENCE))) {
      proxy.replyDelayMillis = PATIENCE.toMillis();
      proxy.partition();
      List<CompletableFuture<Void>> asking = new ArrayList<>();
      for (int i = 0; i < connections; i++) {
        CompletableFuture<Void> one = new CompletableFuture<>();
        asking.add(one);
        Thread.ofPlatform()
            .daemon()
            .start(
                () -> {
                  try {
                    store.peek("k");
                  } finally {
                    one.complete(null);
                  }
                });
      }
      while (proxy.connections.get() < connections) {
        RedisServer.pause();
      }

      Failures.assertFault(
          StoreFault.TIMEOUT,
          () ->
              store.tryAcquire(new LeaseRequest("k", Duration.ofSeconds(1).toNanos(), "", false)));

      assertThat(asking).noneMatch(CompletableFuture::isDone);
    }
  }

  @Test
  void connectionsThatFailTooLateTakeNobodysPlace() throws Exception {
    try (RedisServer server = RedisServer.start("--requirepass", "secret");
        TcpProxy proxy = new TcpProxy(server);
        RedisLeaseStore store =
            RedisLeaseStore.open(
                proxy
                    .options()
                    .withCredentials(null, "secret")
                    .withRequestTimeout(Duration.ofMillis(20)))) {
      proxy.replyDelayMillis = 50;
      proxy.cutting = true;
      proxy.partition();
      for (int i = 0; i < 40; i++) {
        assertThatExceptionOfType(LeaseStoreException.class).isThrownBy(() -> store.peek("k"));
      }
      proxy.cutting = false;
      proxy.replyDelayMillis = 0;

      boolean answered = false;
      while (!answered) {
        try {
          answered = store.peek("k").isEmpty();
        } catch (LeaseStoreException late) {
          RedisServer.pause();
        }
      }

      assertThat(answered).isTrue();
    }
  }
}
