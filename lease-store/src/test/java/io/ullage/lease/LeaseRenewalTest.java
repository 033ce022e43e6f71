package io.ullage.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Validity, renewals and losses on a clock that stands still unless moved. */
class LeaseRenewalTest {
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

    LeaseLoss loss = lost.get();
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
    assertThat(lost.get().cause()).isEqualTo(LossCause.TAKEN_OVER);
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
  void whileARenewalHangsTheWatchdogTellsTheHolderBeforeAnybodyElseCanHaveTheKey()
      throws Exception {
    Lease lease = manager.tryAcquire("k").orElseThrow();
    CompletableFuture<LeaseLoss> lost = lease.lost();
    CountDownLatch gate = new CountDownLatch(1);
    store.renewalGate = gate;
    clock.advance(Duration.ofSeconds(10));
    Thread heartbeat =
        Thread.ofPlatform().start(() -> manager.sweeps().renewDue(clock.getAsLong()));
    store.renewing.await();
    long watchAt = manager.sweeps().watch(clock.getAsLong());
    assertThat(lost).isNotDone();

    clock.advance(Duration.ofNanos(watchAt - clock.getAsLong()));
    manager.sweeps().watch(clock.getAsLong());

    assertThat(lost.get().cause()).isEqualTo(LossCause.EXPIRED);
    assertThat(other.tryAcquire("k")).isEmpty();
    assertThat(store.peek("k").orElseThrow().expiresIn()).isEqualTo(Duration.ofSeconds(3));
    gate.countDown();
    heartbeat.join();
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
  void leasesAcquiredOneAfterAnotherAreRenewedTogether() {
    Lease first = manager.tryAcquire("a").orElseThrow();
    clock.advance(Duration.ofSeconds(2));
    Lease second = manager.tryAcquire("b").orElseThrow();

    advanceAndSweep(Duration.ofSeconds(8));

    assertThat(first.renewals()).isEqualTo(1);
    assertThat(second.renewals()).isEqualTo(1);
  }
}
