package io.ullage.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The manager on a clock that stands still unless moved; its sweeps are called by the tests. */
class LeaseManagerTest {
  private static final Duration TTL = Duration.ofSeconds(30);

  private final ManualClock clock = new ManualClock();
  private final FaultyStore store = new FaultyStore(new HeapLeaseStore(clock), true);
  private final LeaseManager manager =
      LeaseManager.builder(store).ttl(TTL).nanoClock(clock).withoutThreads().build();
  private final LeaseManager other =
      LeaseManager.builder(store).ttl(TTL).nanoClock(clock).withoutThreads().build();

  @AfterEach
  void close() {
    manager.close();
    other.close();
  }

  private void advanceAndSweep(Duration duration) {
    clock.advance(duration);
    manager.sweeps().renewDue(clock.getAsLong());
    manager.sweeps().watch(clock.getAsLong());
  }

  @Test
  void aLeaseExcludesOthersUntilItIsClosed() {
    Lease lease = manager.tryAcquire("k").orElseThrow();

    assertThat(other.tryAcquire("k")).isEmpty();
    assertThat(manager.tryAcquire("k")).isEmpty();
    lease.close();
    lease.close();

    assertThat(lease.isValid()).isFalse();
    assertThat(lease.loss()).isEmpty();
    Lease next = other.tryAcquire("k").orElseThrow();
    assertThat(next.token()).isEqualTo(lease.token() + 1);
  }

  @Test
  void validityEndsAMarginBeforeTheTtl() {
    Lease lease = manager.tryAcquire("k").orElseThrow();

    clock.advance(Duration.ofSeconds(27).minusNanos(1));
    assertThat(lease.isValid()).isTrue();
    assertThat(lease.remaining()).isEqualTo(Duration.ofNanos(1));
    clock.advance(Duration.ofNanos(1));

    assertThat(lease.isValid()).isFalse();
    assertThat(lease.loss().orElseThrow().cause()).isEqualTo(LossCause.EXPIRED);
    assertThat(other.tryAcquire("k")).isEmpty();
    clock.advance(Duration.ofSeconds(3).plusMillis(1));
    assertThat(other.tryAcquire("k")).isPresent();
  }

  @Test
  void heartbeatsKeepALeaseAliveFarPastItsTtl() {
    Lease lease = manager.tryAcquire("k").orElseThrow();

    for (int i = 0; i < 30; i++) {
      advanceAndSweep(Duration.ofSeconds(10));
    }

    assertThat(lease.isValid()).isTrue();
    assertThat(lease.renewals()).isEqualTo(30);
    assertThat(other.tryAcquire("k")).isEmpty();
  }

  @Test
  void withoutHeartbeatsTheSameLeaseIsLost() {
    Lease lease = manager.tryAcquire("k").orElseThrow();

    for (int i = 0; i < 30; i++) {
      clock.advance(Duration.ofSeconds(10));
      manager.sweeps().watch(clock.getAsLong());
    }

    assertThat(lease.isValid()).isFalse();
    assertThat(lease.loss().orElseThrow().cause()).isEqualTo(LossCause.EXPIRED);
    assertThat(other.tryAcquire("k")).isPresent();
  }

  @Test
  void onceInvalidALeaseStaysInvalidThoughARenewalSucceedsLater() {
    Lease lease = manager.tryAcquire("k").orElseThrow();
    clock.advance(Duration.ofSeconds(28));
    assertThat(lease.isValid()).isFalse();

    manager.sweeps().renewDue(clock.getAsLong());

    assertThat(lease.isValid()).isFalse();
    assertThat(lease.renewals()).isZero();
  }

  @Test
  void aFailedRenewalIsRetriedUntilItSucceeds() {
    Lease lease = manager.tryAcquire("k").orElseThrow();
    store.failing = true;
    advanceAndSweep(Duration.ofSeconds(10));
    advanceAndSweep(Duration.ofSeconds(3));
    assertThat(lease.isValid()).isTrue();

    store.failing = false;
    advanceAndSweep(Duration.ofSeconds(3));

    assertThat(lease.renewals()).isEqualTo(1);
    assertThat(manager.statistics().lateRenewals()).isEqualTo(1);
    assertThat(manager.statistics().failedRenewals()).isEqualTo(2);
    assertThat(lease.remaining()).isEqualTo(Duration.ofSeconds(27));
  }

  @Test
  void aStoreThatFailsUntilTheMarginIsAFaultAndNotAnExpiry() throws Exception {
    Lease lease = manager.tryAcquire("k").orElseThrow();
    CompletableFuture<LeaseLoss> lost = lease.lost();
    store.failing = true;

    for (int i = 0; i < 9; i++) {
      assertThat(lost).isNotDone();
      advanceAndSweep(Duration.ofSeconds(3));
    }

    LeaseLoss loss = lost.get(10, TimeUnit.SECONDS);
    assertThat(loss.cause()).isEqualTo(LossCause.STORE_FAULT);
    assertThat(loss.failure()).isInstanceOf(LeaseStoreException.class);
    store.failing = false;
  }

  @Test
  void aRevokedLeaseIsLostAtTheNextGlance() throws Exception {
    Lease lease = manager.tryAcquire("k").orElseThrow();
    CompletableFuture<LeaseLoss> lost = lease.lost();

    assertThat(other.forceRelease("k", "operator")).isTrue();
    assertThat(other.tryAcquire("k")).isEmpty();
    advanceAndSweep(Duration.ofMillis(250));

    assertThat(lease.isValid()).isFalse();
    assertThat(lost.get(10, TimeUnit.SECONDS).cause()).isEqualTo(LossCause.TAKEN_OVER);
    assertThat(other.tryAcquire("k")).isEmpty();
    lease.close();
    assertThat(other.tryAcquire("k")).isPresent();
  }

  @Test
  void aReleaseWaitsForTheRenewalInFlight() throws Exception {
    Lease lease = manager.tryAcquire("k").orElseThrow();
    CountDownLatch gate = new CountDownLatch(1);
    store.renewalGate = gate;
    clock.advance(Duration.ofSeconds(10));
    Thread heartbeat =
        Thread.ofPlatform().start(() -> manager.sweeps().renewDue(clock.getAsLong()));
    store.renewing.await();
    Thread closer = Thread.ofPlatform().start(lease::close);
    while (closer.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }

    assertThat(store.peek("k").orElseThrow().state()).isEqualTo(LeaseState.HELD);
    assertThat(lease.isValid()).isFalse();
    gate.countDown();
    heartbeat.join();
    closer.join();

    assertThat(store.peek("k").orElseThrow().state()).isEqualTo(LeaseState.FREE);
    assertThat(lease.renewals()).isZero();
  }

  @Test
  void theKeyStaysTakenForTheMinimumHold() throws Exception {
    manager.run(
        "k",
        WorkflowOptions.defaults().withHoldAtLeast(Duration.ofSeconds(100)),
        lease -> lease.token());

    assertThat(other.tryAcquire("k")).isEmpty();
    for (int i = 0; i < 9; i++) {
      advanceAndSweep(Duration.ofSeconds(10));
      assertThat(other.tryAcquire("k")).isEmpty();
    }
    advanceAndSweep(Duration.ofSeconds(10));

    assertThat(other.tryAcquire("k")).isPresent();
  }

  @Test
  void ensureRenewsWhenTooLittleIsLeft() {
    Lease lease = manager.tryAcquire("k").orElseThrow();
    clock.advance(Duration.ofSeconds(20));

    lease.ensure(Duration.ofSeconds(7));
    assertThat(lease.renewals()).isZero();
    lease.ensure(Duration.ofSeconds(20));

    assertThat(lease.renewals()).isEqualTo(1);
    assertThat(lease.remaining()).isEqualTo(Duration.ofSeconds(27));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> lease.ensure(Duration.ofSeconds(28)))
        .withMessageContaining("ttl - margin = 27000 ms");
    clock.advance(Duration.ofSeconds(27));
    assertThatExceptionOfType(LeaseLostException.class)
        .isThrownBy(() -> lease.ensure(Duration.ofSeconds(1)));
  }

  @Test
  void closingTheManagerEndsItsLeasesWithACause() throws Exception {
    Lease lease = manager.tryAcquire("k").orElseThrow();
    CompletableFuture<LeaseLoss> lost = lease.lost();

    manager.close();

    assertThat(lost.get(10, TimeUnit.SECONDS).cause()).isEqualTo(LossCause.CLOSED);
    assertThat(other.tryAcquire("k")).isPresent();
    assertThatIllegalStateException().isThrownBy(() -> manager.tryAcquire("k"));
  }

  @Test
  void whoWaitedTooLongLearnsWhoHoldsTheKey() throws Exception {
    Lease lease = manager.tryAcquire("k").orElseThrow();

    assertThatExceptionOfType(LeaseHeldException.class)
        .isThrownBy(() -> other.acquire("k", Duration.ZERO))
        .withMessageContaining("pid " + ProcessHandle.current().pid())
        .satisfies(e -> assertThat(e.holder().orElseThrow().token()).isEqualTo(lease.token()));
  }

  @Test
  void waitersOfOneProcessGetTheKeyInOrder() throws Exception {
    LeaseManager real = LeaseManager.builder(new HeapLeaseStore()).build();
    try (real) {
      Lease held = real.tryAcquire("k").orElseThrow();
      CompletableFuture<Lease> first = real.acquireAsync("k", Duration.ofMinutes(1));
      CompletableFuture<Lease> second = real.acquireAsync("k", Duration.ofMinutes(1));
      CompletableFuture<Lease> cancelled = real.acquireAsync("k", Duration.ofMinutes(1));
      cancelled.cancel(false);
      held.close();

      Lease one = first.get(10, TimeUnit.SECONDS);
      assertThat(second).isNotDone();
      one.close();
      Lease two = second.get(10, TimeUnit.SECONDS);
      assertThat(two.token()).isGreaterThan(one.token());
    }
  }

  @Test
  void aWaiterIsToldWhenTheManagerCloses() {
    LeaseManager real = LeaseManager.builder(new HeapLeaseStore()).build();
    CompletableFuture<Lease> waiting;
    try (real) {
      assertThat(real.tryAcquire("k")).isPresent();
      waiting = real.acquireAsync("k", Duration.ofMinutes(1));
    }
    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(() -> waiting.get(10, TimeUnit.SECONDS))
        .withCauseInstanceOf(IllegalStateException.class);
  }

  @Test
  void refusesTimingThatCannotWorkNamingTheConstraint() {
    HeapLeaseStore heap = new HeapLeaseStore();

    assertThatIllegalArgumentException()
        .isThrownBy(() -> LeaseManager.builder(heap).ttl(Duration.ofMillis(10)).build())
        .withMessage("ttl: 10 ms; allowed: 20 ms to 1 day");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                LeaseManager.builder(heap)
                    .ttl(Duration.ofSeconds(10))
                    .heartbeat(Duration.ofSeconds(9))
                    .build())
        .withMessageContaining("heartbeat: 9000 ms; allowed: below ttl - margin");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LeaseManager.builder(heap).deadline(Duration.ZERO).build())
        .withMessage("deadline: 0 ms; allowed: above 0, up to 365 days");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LeaseManager.builder(heap).callTimeout(Duration.ofMillis(-1)).build())
        .withMessage("callTimeout: -1 ms; allowed: above 0, up to 365 days");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> WorkflowOptions.defaults().withDeadline(Duration.ofSeconds(1L << 60)))
        .withMessageContaining("deadline: PT");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> WorkflowOptions.defaults().withWait(Duration.ofDays(366)))
        .withMessage("waitAtMost: PT8784H; allowed: 0 to 365 days");
  }

  @Test
  void aWorkflowsOwnTimingIsCheckedAgainstTheManagers() {
    WorkflowOptions slow = WorkflowOptions.defaults().withHeartbeat(Duration.ofSeconds(27));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> manager.run("k", slow, lease -> ""))
        .withMessageContaining("heartbeat: 27000 ms; allowed: below ttl - margin = 30000 ms");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> slow.withTtl(Duration.ofMillis(40)))
        .withMessage(
            "heartbeat: 27000 ms; allowed: below ttl - margin = 40 ms - 5 ms, else the lease would"
                + " be invalid before its first renewal");
    assertThat(manager.peek("k")).isEmpty();
  }

  @Test
  void leasesAcquiredOneAfterAnotherAreRenewedTogether() {
    Lease first = manager.tryAcquire("a").orElseThrow();
    clock.advance(Duration.ofSeconds(2));
    Lease second = manager.tryAcquire("b").orElseThrow();

    advanceAndSweep(Duration.ofSeconds(8));

    assertThat(first.renewals()).isEqualTo(1);
    assertThat(second.renewals()).isEqualTo(1);
  }

  @Test
  void leasesComeAndGoInAnyOrder() {
    List<Lease> leases = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      leases.add(manager.tryAcquire("k" + i).orElseThrow());
      if (i == 20) {
        manager.sweeps().renewDue(clock.getAsLong());
      }
    }
    Collections.shuffle(leases, new Random(7));
    for (int left = leases.size(); left > 0; left--) {
      assertThat(manager.statistics().held()).isEqualTo(left);
      leases.get(left - 1).close();
    }
    assertThat(manager.statistics().held()).isZero();
  }
}
