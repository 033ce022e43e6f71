package io.ullage.lease.redis;

import static io.ullage.lease.redis.Grants.LONG_NANOS;
import static io.ullage.lease.redis.Grants.PATIENCE;
import static io.ullage.lease.redis.Grants.awaitFree;
import static io.ullage.lease.redis.Grants.request;
import static io.ullage.lease.redis.Grants.take;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.ullage.lease.LeaseGrant;
import io.ullage.lease.LeaseRequest;
import io.ullage.lease.LeaseStoreException;
import io.ullage.lease.RenewalOutcome;
import io.ullage.lease.RenewalRequest;
import io.ullage.lease.StoreFault;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What becomes of requests whose answer comes late, is cut off, or never comes. */
class RedisAnswersTest {
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
}
