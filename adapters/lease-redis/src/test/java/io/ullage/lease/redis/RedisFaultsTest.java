package io.ullage.lease.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.ullage.core.Registration;
import io.ullage.lease.Lease;
import io.ullage.lease.LeaseGrant;
import io.ullage.lease.LeaseManager;
import io.ullage.lease.LeaseRequest;
import io.ullage.lease.LeaseState;
import io.ullage.lease.LeaseStoreException;
import io.ullage.lease.LossCause;
import io.ullage.lease.RenewalOutcome;
import io.ullage.lease.RenewalRequest;
import io.ullage.lease.StoreFault;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What becomes of leases and of those who ask when the server fails. */
class RedisFaultsTest {
  private static final Duration TTL = Duration.ofSeconds(3);
  private static final long LONG_NANOS = Duration.ofSeconds(30).toNanos();
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static LeaseRequest request(String key) {
    return new LeaseRequest(key, LONG_NANOS, "", false);
  }

  private static LeaseGrant take(RedisLeaseStore store, String key) {
    return Objects.requireNonNull(store.tryAcquire(request(key)));
  }

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
  void aGrantWhoseAnswerComesTooLateIsGivenBack() throws Exception {
    try (RedisServer server = RedisServer.start();
        TcpProxy proxy = new TcpProxy(server);
        RedisLeaseStore store =
            RedisLeaseStore.open(proxy.options().withRequestTimeout(Duration.ofMillis(200)));
        RedisLeaseStore other = server.open()) {
      // The server knows the script already, and runs it at the first request.
      assertThat(take(store, "k").release()).isTrue();
      proxy.replyDelayMillis = 400;

      Failures.assertFault(StoreFault.TIMEOUT, () -> store.tryAcquire(request("k")));

      proxy.replyDelayMillis = 0;
      awaitFree(other, "k");
      assertThat(take(other, "k").release()).isTrue();
    }
  }

  @Test
  void aGrantWhoseAnswerIsCutOffIsGivenBack() throws Exception {
    try (RedisServer server = RedisServer.start();
        TcpProxy proxy = new TcpProxy(server);
        RedisLeaseStore store = RedisLeaseStore.open(proxy.options());
        RedisLeaseStore other = server.open()) {
      assertThat(take(store, "k").release()).isTrue();
      proxy.cutting = true;
      assertThatExceptionOfType(LeaseStoreException.class)
          .isThrownBy(() -> store.tryAcquire(request("k")))
          .satisfies(e -> assertThat(e.fault()).isIn(StoreFault.UNAVAILABLE, StoreFault.TIMEOUT));
      proxy.cutting = false;

      // The attempt to give it back may have been cut off as well; then the next question is asked.
      LeaseGrant again = null;
      while (again == null) {
        try {
          again = store.tryAcquire(request("other"));
        } catch (LeaseStoreException reconnecting) {
          RedisServer.pause();
        }
      }
      assertThat(again.release()).isTrue();
      awaitFree(other, "k");
    }
  }

  @Test
  void anAcquisitionThatRanTwiceIsOneLease() throws Exception {
    try (RedisServer server = RedisServer.start();
        TcpProxy proxy = new TcpProxy(server);
        RedisLeaseStore store = RedisLeaseStore.open(proxy.options())) {
      assertThat(take(store, "k").release()).isTrue();
      proxy.cuts.set(1);
      long writes = writes(server);

      LeaseGrant grant = take(store, "k");

      assertThat(proxy.cuts.get()).isZero();
      assertThat(writes(server) - writes)
          .as("token and record, and the record again for whoever waits for replicas")
          .isEqualTo(3);
      assertThat(store.peek("k").orElseThrow().token()).isEqualTo(grant.token());
      assertThat(grant.renew(LONG_NANOS)).isEqualTo(RenewalOutcome.HELD);
      assertThat(grant.release()).isTrue();
    }
  }

  private static long writes(RedisServer server) throws IOException {
    Matcher changes =
        Pattern.compile("rdb_changes_since_last_save:(\\d+)")
            .matcher(server.ask("INFO persistence"));
    assertThat(changes.find()).isTrue();
    return Long.parseLong(changes.group(1));
  }

  @Test
  void aReleaseThatMayHaveRunTwiceSaysThatItDoesNotKnow() throws Exception {
    try (RedisServer server = RedisServer.start();
        TcpProxy proxy = new TcpProxy(server);
        RedisLeaseStore store = RedisLeaseStore.open(proxy.options())) {
      // The server knows the script from here on.
      assertThat(take(store, "k").release()).isTrue();
      LeaseGrant grant = take(store, "k");
      proxy.cuts.set(1);

      Failures.assertFault(StoreFault.UNAVAILABLE, grant::release);

      assertThat(store.peek("k")).isEmpty();
    }
  }

  @Test
  void aServerThatReadsNothingMoreEndsManyRenewalsInTime() throws Exception {
    try (RedisServer server = RedisServer.start();
        RedisLeaseStore store = server.open()) {
      LeaseGrant grant = take(store, "k".repeat(LeaseRequest.KEY_BYTES));
      // More than both ends of a connection keep: whoever writes it waits for the server.
      List<RenewalRequest> renewals = new ArrayList<>();
      for (int i = 0; i < 50_000; i++) {
        renewals.add(new RenewalRequest(grant, LONG_NANOS));
      }
      server.signal("STOP");

      store.renewAll(renewals);

      server.signal("CONT");
      assertThat(renewals).allMatch(renewal -> renewal.answer().isCompletedExceptionally());
    }
  }

  private static void awaitFree(RedisLeaseStore store, String key) {
    while (store.peek(key).isPresent()) {
      RedisServer.pause();
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
  void anInterruptLosesNoAnswer() throws Exception {
    try (RedisServer server = RedisServer.start();
        RedisLeaseStore store = server.open()) {
      // So that it waits for a connection as well.
      server.kill();
      server.restart();
      Thread.currentThread().interrupt();

      LeaseGrant grant = take(store, "k");

      assertThat(Thread.interrupted()).isTrue();
      assertThat(grant.release()).isTrue();
    }
  }

  @Test
  void anInterruptOfAVirtualThreadLosesNoAnswer() throws Exception {
    try (RedisServer server = RedisServer.start();
        TcpProxy proxy = new TcpProxy(server);
        RedisLeaseStore store = RedisLeaseStore.open(proxy.options())) {
      // Long enough that it sleeps for the answer.
      proxy.replyDelayMillis = 50;
      CompletableFuture<Boolean> released = new CompletableFuture<>();
      Thread.ofVirtual()
          .start(
              () -> {
                Thread.currentThread().interrupt();
                LeaseGrant grant = take(store, "k");
                released.complete(Thread.currentThread().isInterrupted() && grant.release());
              });

      assertThat(released.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
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
