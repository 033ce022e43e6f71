package io.ullage.lease.redis;

import static io.ullage.lease.redis.Grants.LONG_NANOS;
import static io.ullage.lease.redis.Grants.PATIENCE;
import static io.ullage.lease.redis.Grants.awaitFree;
import static io.ullage.lease.redis.Grants.request;
import static io.ullage.lease.redis.Grants.take;
import static org.assertj.core.api.Assertions.assertThat;

import io.ullage.core.Registration;
import io.ullage.lease.Lease;
import io.ullage.lease.LeaseGrant;
import io.ullage.lease.LeaseManager;
import io.ullage.lease.LeaseRequest;
import io.ullage.lease.LeaseState;
import io.ullage.lease.LeaseStoreException;
import io.ullage.lease.LossCause;
import io.ullage.lease.RenewalOutcome;
import io.ullage.lease.StoreFault;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What becomes of leases when the server fails. */
class RedisFaultsTest {
  private static final Duration TTL = Duration.ofSeconds(3);

  private static LeaseManager manager(RedisLeaseStore store) {
    return LeaseManager.builder(store).ttl(TTL).build();
  }

  /** Renews often, and loses nothing while the machine stands still for a while. */
  private static LeaseManager patientManager(RedisLeaseStore store) {
    return LeaseManager.builder(store)
        .ttl(Duration.ofNanos(LONG_NANOS))
        .heartbeat(Duration.ofMillis(300))
        .build();
  }

  @Test
  void aHolderLearnsThatARestartedServerForgotItsLeaseAndTokensGrowAllTheSame() throws Exception {
    try (RedisServer server = RedisServer.start();
        RedisLeaseStore store = server.open();
        RedisLeaseStore other = server.open();
        LeaseManager manager = manager(store)) {
      Lease lease = manager.tryAcquire("k").orElseThrow();
      server.kill();
      server.restart();
      assertThat(server.ask("EXISTS ullage:leases")).startsWith(":0");

      LossCause cause = lease.lost().get(PATIENCE.toSeconds(), TimeUnit.SECONDS).cause();

      assertThat(cause).isEqualTo(LossCause.EXPIRED);
      assertThat(lease.isValid()).isFalse();
      LeaseGrant next = take(other, "k");
      assertThat(next.token()).isGreaterThan(lease.token());
      assertThat(next.release()).isTrue();
    }
  }

  @Test
  void leasesOutliveTheRestartOfAServerThatKeepsItsData() throws Exception {
    try (RedisServer server = RedisServer.start("--appendonly", "yes", "--appendfsync", "always");
        RedisLeaseStore store = server.open();
        RedisLeaseStore other = server.open();
        LeaseManager manager = patientManager(store)) {
      Lease lease = manager.tryAcquire("k").orElseThrow();
      server.kill();
      server.restart();

      long before = lease.renewals();
      while (lease.renewals() < before + 2 && lease.loss().isEmpty()) {
        RedisServer.pause();
      }

      assertThat(lease.loss()).isEmpty();
      assertThat(other.tryAcquire(request("k"))).isNull();
      lease.close();
      assertThat(take(other, "k").token()).isGreaterThan(lease.token());
    }
  }

  @Test
  void aServerThatStandsStillForLessThanATtlCostsNoLease() throws Exception {
    try (RedisServer server = RedisServer.start();
        RedisLeaseStore store = server.open();
        LeaseManager manager = LeaseManager.builder(store).ttl(Duration.ofSeconds(10)).build()) {
      Lease lease = manager.tryAcquire("k").orElseThrow();
      server.signal("STOP");
      while (manager.statistics().failedRenewals() == 0) {
        RedisServer.pause();
      }
      server.signal("CONT");

      while (lease.renewals() < 2 && lease.loss().isEmpty()) {
        RedisServer.pause();
      }

      assertThat(lease.loss()).isEmpty();
      assertThat(lease.isValid()).isTrue();
    }
  }

  @Test
  void aHolderGivesUpBeforeAServerThatStoodStillGivesItsKeyToAnother() throws Exception {
    try (RedisServer server = RedisServer.start();
        RedisLeaseStore store = server.open();
        RedisLeaseStore otherStore = server.open();
        LeaseManager manager = manager(store);
        LeaseManager other = manager(otherStore)) {
      Lease lease = manager.tryAcquire("k").orElseThrow();
      CompletableFuture<Boolean> wasValid = new CompletableFuture<>();
      CompletableFuture<Lease> waiting = other.acquireAsync("k", PATIENCE);
      CompletableFuture<Void> ignored =
          waiting.thenAccept(taken -> wasValid.complete(lease.isValid()));
      while (lease.renewals() == 0) {
        RedisServer.pause();
      }
      server.signal("STOP");

      LossCause cause = lease.lost().get(PATIENCE.toSeconds(), TimeUnit.SECONDS).cause();

      assertThat(waiting).as("nobody else has it yet").isNotDone();
      assertThat(cause).isEqualTo(LossCause.STORE_FAULT);
      server.signal("CONT");
      Lease next = waiting.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      assertThat(wasValid.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isFalse();
      assertThat(next.token()).isGreaterThan(lease.token());
    }
  }

  @Test
  void slowAnswersCostNoLease() throws Exception {
    try (RedisServer server = RedisServer.start();
        TcpProxy proxy = new TcpProxy(server);
        RedisLeaseStore store = RedisLeaseStore.open(proxy.options());
        LeaseManager manager = patientManager(store)) {
      Lease lease = manager.tryAcquire("k").orElseThrow();
      proxy.replyDelayMillis = 100;

      while (lease.renewals() < 4 && lease.loss().isEmpty()) {
        RedisServer.pause();
      }

      assertThat(lease.loss()).isEmpty();
    }
  }

  @Test
  void whoWaitsHearsOfReleasesAgainWhenTheServerWasRestarted() throws Exception {
    try (RedisServer server = RedisServer.start("--appendonly", "yes", "--appendfsync", "always");
        RedisLeaseStore holding = server.open();
        RedisLeaseStore waiting = server.open()) {
      CompletableFuture<String> heard = new CompletableFuture<>();
      LeaseGrant grant = take(holding, "k");
      awaitListening(server, waiting);
      server.kill();
      server.restart();
      awaitListening(server, waiting);
      Registration listener = waiting.onFreed(heard::complete);
      assertThat(grant.release()).isTrue();

      assertThat(heard.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo("k");
      listener.close();
    }
  }

  /** Asks as somebody who waits until the server knows of a listener. */
  private static void awaitListening(RedisServer server, RedisLeaseStore waiting)
      throws IOException {
    Registration listener = waiting.onFreed(key -> {});
    do {
      assertThat(waiting.tryAcquire(new LeaseRequest("k", LONG_NANOS, "", true))).isNull();
      RedisServer.pause();
    } while (!server.ask("PUBSUB NUMSUB ullage:leases:freed").contains(":1\r\n"));
    listener.close();
  }

  @Test
  void whoHoldsALeaseKeepsItWhenTheServersMemoryIsFull() throws Exception {
    try (RedisServer server = RedisServer.start();
        RedisLeaseStore store = server.open()) {
      LeaseGrant grant = take(store, "held");
      LeaseGrant revoked = take(store, "revoked");
      server.ask("CONFIG SET maxmemory 1");

      Failures.assertFault(StoreFault.FULL, () -> store.tryAcquire(request("new")));
      assertThat(grant.renew(LONG_NANOS)).isEqualTo(RenewalOutcome.HELD);
      assertThat(store.revoke("revoked", "maintenance")).isTrue();
      assertThat(revoked.renew(LONG_NANOS)).isEqualTo(RenewalOutcome.TAKEN_OVER);
      assertThat(grant.release()).isTrue();
      server.ask("CONFIG SET maxmemory 0");
      assertThat(take(store, "new").release()).isTrue();
    }
  }

  @Test
  void aReplicaIsNotReadyUntilItIsPromoted() throws Exception {
    try (RedisServer server = RedisServer.start();
        RedisLeaseStore store = server.open()) {
      LeaseGrant grant = take(store, "k");
      server.ask("REPLICAOF 127.0.0.1 1");

      Failures.assertFault(
          StoreFault.NOT_READY,
          () -> store.tryAcquire(request("new")),
          () -> grant.renew(LONG_NANOS));
      server.ask("REPLICAOF NO ONE");
      assertThat(grant.renew(LONG_NANOS)).isEqualTo(RenewalOutcome.HELD);
      assertThat(grant.release()).isTrue();
    }
  }

  @Test
  void aServerThatLoadsItsDataIsNotReady() throws Exception {
    try (RedisServer server =
            RedisServer.start(
                "--appendonly",
                "yes",
                "--appendfsync",
                "always",
                "--key-load-delay",
                "1000",
                "--loading-process-events-interval-bytes",
                "1024");
        RedisLeaseStore store = server.open()) {
      LeaseGrant grant = take(store, "k");
      // A millisecond each: it loads for 20 s, unless it is told not to.
      fill(server, 20_000);
      server.kill();
      server.restart();

      boolean wasLoading = false;
      RenewalOutcome outcome = null;
      while (outcome == null) {
        try {
          outcome = grant.renew(LONG_NANOS);
        } catch (LeaseStoreException e) {
          if (e.fault() == StoreFault.NOT_READY && !wasLoading) {
            wasLoading = true;
            server.ask("CONFIG SET key-load-delay 0");
          }
          RedisServer.pause();
        }
      }

      assertThat(wasLoading).isTrue();
      assertThat(outcome).isEqualTo(RenewalOutcome.HELD);
    }
  }

  private static void fill(RedisServer server, int keys) throws IOException {
    StringBuilder commands = new StringBuilder();
    for (int i = 0; i < keys; i++) {
      commands.append("SET filler").append(i).append(" x\r\n");
    }
    try (Socket socket = new Socket(server.host(), server.port())) {
      socket.getOutputStream().write(commands.toString().getBytes(StandardCharsets.UTF_8));
      assertThat(socket.getInputStream().readNBytes(keys * "+OK\r\n".length()))
          .hasSize(keys * "+OK\r\n".length());
    }
  }

  @Test
  void anAcquisitionThatNoReplicaConfirmedIsGivenBack() {
    try (RedisServer server = RedisServer.start();
        RedisLeaseStore store =
            RedisLeaseStore.open(server.options().withReplicas(1, Duration.ofMillis(50)))) {
      Failures.assertFault(StoreFault.NOT_READY, () -> store.tryAcquire(request("k")));

      awaitFree(store, "k");
    }
  }

  @Test
  void whatReplicasConfirmedIsThereWhenOneIsPromoted() throws Exception {
    try (RedisServer server = RedisServer.start("--repl-diskless-sync-delay", "0");
        RedisServer replica = RedisServer.start("--replicaof", "127.0.0.1 " + server.port());
        RedisLeaseStore store =
            RedisLeaseStore.open(
                server
                    .options()
                    .withRequestTimeout(PATIENCE)
                    .withReplicas(1, PATIENCE.dividedBy(2)))) {
      // The replica may know of its link before the server counts on it.
      while (!server.ask("INFO replication").contains("state=online")) {
        RedisServer.pause();
      }
      LeaseGrant grant = take(store, "k");
      assertThat(grant.renew(LONG_NANOS)).isEqualTo(RenewalOutcome.HELD);
      server.kill();
      replica.ask("REPLICAOF NO ONE");

      try (RedisLeaseStore promoted = replica.open()) {
        assertThat(promoted.tryAcquire(request("k"))).isNull();
        assertThat(promoted.peek("k").orElseThrow().state()).isEqualTo(LeaseState.HELD);
        assertThat(take(promoted, "other").token()).isGreaterThan(grant.token());
      }
    }
  }
}
