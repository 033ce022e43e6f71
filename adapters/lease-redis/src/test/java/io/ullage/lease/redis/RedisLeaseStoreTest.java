package io.ullage.lease.redis;

import static io.ullage.lease.redis.Grants.LONG_NANOS;
import static io.ullage.lease.redis.Grants.request;
import static io.ullage.lease.redis.Grants.take;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.ullage.core.Registration;
import io.ullage.lease.HeapLeaseStore;
import io.ullage.lease.LeaseGrant;
import io.ullage.lease.LeaseRequest;
import io.ullage.lease.LeaseStore;
import io.ullage.lease.LeaseView;
import io.ullage.lease.RenewalOutcome;
import io.ullage.lease.RenewalRequest;
import io.ullage.lease.contract.LeaseStoreContract;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Everything that a store must do, and what only this one does. */
class RedisLeaseStoreTest extends LeaseStoreContract {

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
  protected Duration shortTtl() {
    // A request may take nine tenths of a tenth of it, on a busy machine too.
    return Duration.ofSeconds(2);
  }

  @Test
  void storesOfOtherPrefixesNeverMeet() {
    try (RedisLeaseStore other = RedisLeaseStore.open(server.options().withPrefix("else/where"))) {
      LeaseGrant here = take(store, "shared");
      LeaseGrant there = take(other, "shared");

      assertThat(here.release()).isTrue();
      assertThat(other.list()).extracting(LeaseView::key).containsExactly("shared");
      assertThat(there.release()).isTrue();
    }
  }

  @Test
  void storesOfOnePrefixExcludeOneAnother() {
    try (RedisLeaseStore other = server.open()) {
      LeaseGrant grant = take(store, "one");

      assertThat(other.tryAcquire(request("one"))).isNull();
      assertThat(grant.release()).isTrue();
      assertThat(take(other, "one").release()).isTrue();
    }
  }

  @Test
  void nothingIsKeptOfAReleasedKeyButTheCounter() {
    try (RedisLeaseStore other = RedisLeaseStore.open(server.options().withPrefix("small"))) {
      for (int i = 0; i < 100; i++) {
        assertThat(take(other, "k" + i).release()).isTrue();
      }

      assertThat(other.list()).isEmpty();
      assertThat(length("small")).isEqualTo(1);
    }
  }

  private static long length(String prefix) {
    try {
      return Long.parseLong(server.ask("HLEN " + prefix + ":leases").substring(1).strip());
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void recordsThatDeadHoldersLeftDoNotPileUp() throws Exception {
    try (RedisLeaseStore other = RedisLeaseStore.open(server.options().withPrefix("left"))) {
      // As a holder leaves it that died two minutes ago.
      long then = System.currentTimeMillis() - 120_000;
      for (int i = 0; i < 200; i++) {
        server.ask(
            "HSET left:leases dead" + i + " \"1 1 1@h/0/" + i + " " + then + " " + then + " h \"");
      }
      assertThat(other.list()).hasSize(200);

      while (length("left") > 20) {
        assertThat(take(other, "living").release()).isTrue();
      }
    }
  }

  @Test
  void listsMoreRecordsThanOneAnswerHas() {
    try (RedisLeaseStore other = RedisLeaseStore.open(server.options().withPrefix("many"))) {
      List<LeaseGrant> grants = new ArrayList<>();
      for (int i = 0; i < 1_000; i++) {
        grants.add(take(other, "k" + i));
      }

      assertThat(other.list()).hasSize(1_000).extracting(LeaseView::key).isSorted();
      grants.forEach(LeaseGrant::release);
    }
  }

  @Test
  void noteAndReasonAreCutBetweenCharacters() {
    LeaseGrant grant =
        Objects.requireNonNull(
            store.tryAcquire(new LeaseRequest("cut", LONG_NANOS, "x" + "é".repeat(100), false)));

    assertThat(store.peek("cut").orElseThrow().note()).isEqualTo("x" + "é".repeat(59));
    assertThat(store.revoke("cut", "\n \u0000 " + "€".repeat(200))).isTrue();
    assertThat(store.peek("cut").orElseThrow().note())
        .startsWith("\n \u0000 €€")
        .hasSizeLessThan(45);
    assertThat(grant.release()).isTrue();
  }

  @Test
  void theServerForgettingItsScriptsIsNotNoticed() throws Exception {
    LeaseGrant grant = take(store, "flushed");
    assertThat(server.ask("SCRIPT FLUSH")).startsWith("+OK");

    assertThat(grant.renew(LONG_NANOS)).isEqualTo(RenewalOutcome.HELD);
    assertThat(server.ask("SCRIPT FLUSH")).startsWith("+OK");
    assertThat(grant.release()).isTrue();
    assertThat(server.ask("SCRIPT FLUSH")).startsWith("+OK");
    assertThat(store.peek("flushed")).isEmpty();
    assertThat(server.ask("SCRIPT FLUSH")).startsWith("+OK");
    assertThat(take(store, "flushed").release()).isTrue();
  }

  @Test
  void whoWaitsIsToldOfAReleaseInAnotherStore() throws Exception {
    try (RedisLeaseStore other = server.open()) {
      LeaseGrant grant = take(other, "told");
      CompletableFuture<String> told = new CompletableFuture<>();
      Registration hints = store.onFreed(told::complete);
      assertThat(store.tryAcquire(new LeaseRequest("told", LONG_NANOS, "", true))).isNull();
      assertThat(grant.release()).isTrue();

      assertThat(told.get(30, TimeUnit.SECONDS)).isEqualTo("told");
      hints.close();
    }
  }

  @Test
  void whoWaitsIsToldWhenTheHoldersTimeRunsOut() throws Exception {
    BlockingQueue<String> told = new LinkedBlockingQueue<>();
    Registration hints = store.onFreed(told::add);
    LeaseGrant released = take(store, "released");
    assertThat(store.tryAcquire(new LeaseRequest("released", LONG_NANOS, "", true))).isNull();
    // The channel is open for certain once a release was heard of on it.
    assertThat(released.release()).isTrue();
    assertThat(told.take()).isEqualTo("released");
    assertThat(store.tryAcquire(new LeaseRequest("out", shortTtl().toNanos(), "", false)))
        .isNotNull();
    assertThat(store.tryAcquire(new LeaseRequest("out", LONG_NANOS, "", true))).isNull();

    String key = told.take();
    while (!key.equals("out")) {
      key = told.take();
    }

    assertThat(take(store, "out").release()).isTrue();
    hints.close();
  }

  @Test
  void refusesToRenewTheGrantsOfAnotherStore() {
    LeaseGrant foreign = Objects.requireNonNull(new HeapLeaseStore().tryAcquire(request("k")));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> store.renewAll(List.of(new RenewalRequest(foreign, LONG_NANOS))))
        .withMessage("requests: a grant of another store; allowed: grants of this one");
  }

  @Test
  void refusesEverythingOnceClosedAndEndsItsThreads() {
    RedisLeaseStore closed = server.open();
    LeaseGrant grant = take(closed, "closing");
    closed.close();
    closed.close();

    assertThatIllegalStateException()
        .isThrownBy(() -> closed.peek("k"))
        .withMessage("the lease store is closed");
    assertThatIllegalStateException().isThrownBy(grant::release);
    assertThatIllegalStateException().isThrownBy(() -> grant.renew(LONG_NANOS));
  }

  @Test
  void aRecordThatNobodyHereWroteIsDamaged() throws Exception {
    try (RedisLeaseStore other = RedisLeaseStore.open(server.options().withPrefix("damaged"))) {
      LeaseGrant whole = take(other, "whole");
      LeaseGrant grant = take(other, "k");
      server.ask("HSET damaged:leases k nonsense");
      List<RenewalRequest> batch =
          List.of(new RenewalRequest(grant, LONG_NANOS), new RenewalRequest(whole, LONG_NANOS));
      other.renewAll(batch);
      assertThat(batch.getLast().answer().get(30, TimeUnit.SECONDS)).isEqualTo(RenewalOutcome.HELD);

      Failures.assertFault(
          io.ullage.lease.StoreFault.DAMAGED,
          () -> other.tryAcquire(request("k")),
          () -> other.peek("k"),
          other::list,
          () -> grant.renew(LONG_NANOS),
          () -> other.revoke("k", "why"));
      assertThat(grant.release()).isFalse();
    }
  }
}
