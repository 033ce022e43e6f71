package io.ullage.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * A store that is far away and stops answering, on the real clock: nobody waits for it longer than
 * was agreed, and what it holds up is neither an expiry nor another question.
 */
class HangingStoreTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration CALL_TIMEOUT = Duration.ofMillis(100);

  private final HeapLeaseStore heap = new HeapLeaseStore();
  private final FaultyStore store = new FaultyStore(heap, false);
  private final CountDownLatch gate = new CountDownLatch(1);
  private final LeaseManager manager =
      LeaseManager.builder(store)
          .ttl(Duration.ofMillis(400))
          .callTimeout(CALL_TIMEOUT)
          .releaseTimeout(CALL_TIMEOUT)
          .build();

  @AfterEach
  void close() {
    gate.countDown();
    manager.close();
  }

  private static boolean isFree(LeaseStore store, String key) {
    return store.peek(key).map(view -> view.state() == LeaseState.FREE).orElse(true);
  }

  @Test
  void aCallerIsToldThatTheStoreDoesNotAnswerAndALateGrantIsGivenBack() throws Exception {
    store.acquireGate = gate;

    assertThatExceptionOfType(LeaseStoreException.class)
        .isThrownBy(() -> manager.tryAcquire("k"))
        .withMessageContaining("tryAcquire within the call timeout of 100 ms")
        .satisfies(e -> assertThat(e.fault()).isEqualTo(StoreFault.TIMEOUT));

    gate.countDown();
    while (store.grants.get() == 0 || !isFree(heap, "k")) {
      Thread.sleep(Duration.ofMillis(1));
    }
  }

  @Test
  void questionsThatHangAreBoundedToo() {
    store.askGate = gate;

    assertThatExceptionOfType(LeaseStoreException.class).isThrownBy(() -> manager.peek("k"));
    assertThatExceptionOfType(LeaseStoreException.class).isThrownBy(manager::list);
    assertThatExceptionOfType(LeaseStoreException.class)
        .isThrownBy(() -> manager.forceRelease("k", "maintenance"))
        .withMessageContaining("revoke");
  }

  @Test
  void aRenewalThatHangsNeitherHidesTheExpiryNorHoldsUpOtherRenewals() throws Exception {
    Lease hanging = manager.acquire("hanging", Duration.ZERO);
    CompletableFuture<LeaseLoss> lost = hanging.lost();
    store.renewalGate = gate;
    store.renewing.await();
    store.renewalGate = null;
    Lease other = manager.acquire("other", Duration.ZERO);

    assertThat(lost.get(PATIENCE.toSeconds(), TimeUnit.SECONDS).cause())
        .isEqualTo(LossCause.EXPIRED);
    assertThat(hanging.isValid()).isFalse();
    long before = other.renewals();
    while (other.renewals() < before + 3 && other.loss().isEmpty()) {
      Thread.sleep(Duration.ofMillis(1));
    }
    assertThat(other.loss()).isEmpty();
  }

  @Test
  void aReleaseThatHangsAfterAMinimumHoldHoldsUpNoRenewal() throws Exception {
    store.releaseGate = gate;
    manager.run(
        "held", WorkflowOptions.defaults().withHoldAtLeast(Duration.ofMillis(50)), lease -> "");
    Lease other = manager.acquire("other", Duration.ZERO);

    while (other.renewals() < 5 && other.loss().isEmpty()) {
      Thread.sleep(Duration.ofMillis(1));
    }

    assertThat(other.loss()).isEmpty();
    store.releaseGate = null;
  }

  @Test
  void whoWaitsIsToldInTimeThoughTheQuestionHangs() {
    store.acquireGate = gate;
    CompletableFuture<Lease> waiting = manager.acquireAsync("k", Duration.ofMillis(50));

    assertThatExceptionOfType(LeaseStoreException.class)
        .isThrownBy(() -> manager.acquire("k", Duration.ofMillis(50)))
        .satisfies(e -> assertThat(e.fault()).isEqualTo(StoreFault.TIMEOUT));
    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(() -> waiting.get(PATIENCE.toSeconds(), TimeUnit.SECONDS))
        .withCauseInstanceOf(LeaseStoreException.class);
  }

  @Test
  void whoWaitedInVainIsToldThoughNobodyCanSayWhoHoldsTheKey() {
    LeaseGrant grant = heap.tryAcquire(new LeaseRequest("k", 60_000_000_000L, "", false));
    assertThat(grant).isNotNull();
    store.askGate = gate;

    assertThatExceptionOfType(LeaseHeldException.class)
        .isThrownBy(() -> manager.acquire("k", Duration.ofMillis(50)))
        .withMessageContaining("by somebody else");
  }

  @Test
  void aWaitOutlastsAStoreThatFailsForAWhile() throws Exception {
    store.failing = true;
    CompletableFuture<Lease> waiting = manager.acquireAsync("k", PATIENCE);
    while (store.failures.get() < 2) {
      Thread.sleep(Duration.ofMillis(1));
    }
    assertThat(waiting).isNotDone();

    store.failing = false;

    assertThat(waiting.get(PATIENCE.toSeconds(), TimeUnit.SECONDS).isValid()).isTrue();
  }

  @Test
  void aWaitThatEndsWhileTheStoreFailsSaysHowItFailed() {
    store.failing = true;

    assertThatExceptionOfType(LeaseStoreException.class)
        .isThrownBy(() -> manager.acquire("k", Duration.ofMillis(50)))
        .withMessage("broken by the test");
    store.failing = false;
  }

  @Test
  void anInterruptEndsAWaitWhoseQuestionHangs() throws Exception {
    store.acquireGate = gate;
    CompletableFuture<Throwable> thrown = new CompletableFuture<>();
    Thread caller =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    manager.acquire("k", PATIENCE).close();
                  } catch (Exception e) {
                    thrown.complete(e);
                  }
                });
    store.acquiring.await();
    caller.interrupt();

    assertThat(thrown.get(PATIENCE.toSeconds(), TimeUnit.SECONDS))
        .isInstanceOf(InterruptedException.class);
    gate.countDown();
    while (store.grants.get() == 0 || !isFree(heap, "k")) {
      Thread.sleep(Duration.ofMillis(1));
    }
  }

  @Test
  void closingEndsThoughNoReleaseIsAnswered() {
    for (int i = 0; i < 200; i++) {
      assertThat(manager.tryAcquire("k" + i)).isPresent();
    }
    store.releaseGate = gate;

    manager.close();

    assertThat(manager.statistics().abandonedReleases()).isPositive();
  }
}
