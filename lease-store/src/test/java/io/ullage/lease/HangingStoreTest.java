package io.ullage.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * A store that is far away and stops answering, on the real clock: nobody waits for it longer than
 * was agreed, and what it holds up is neither an expiry nor another question.
 */
class HangingStoreTest {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Duration BRIEFLY = Duration.ofMillis(100);

  private final HeapLeaseStore heap = new HeapLeaseStore();
  private final FaultyStore store = new FaultyStore(heap, false);
  private final CountDownLatch gate = new CountDownLatch(1);

  /** Its leases are renewed often, and outlast a machine that stands still. */
  private final LeaseManager manager = manager(PATIENCE);

  /** Gives up what is not answered at once. */
  private final LeaseManager hasty = manager(BRIEFLY);

  @AfterEach
  void close() {
    gate.countDown();
    manager.close();
    hasty.close();
  }

  private LeaseManager manager(Duration callTimeout) {
    return LeaseManager.builder(store)
        .ttl(PATIENCE)
        .heartbeat(Duration.ofMillis(50))
        .callTimeout(callTimeout)
        .releaseTimeout(BRIEFLY)
        .build();
  }

  private static boolean isFree(LeaseStore store, String key) {
    return store.peek(key).map(view -> view.state() == LeaseState.FREE).orElse(true);
  }

  @Test
  void aCallerIsToldThatTheStoreDoesNotAnswerAndALateGrantIsGivenBack() throws Exception {
    store.acquireGate = gate;

    assertThatExceptionOfType(LeaseStoreException.class)
        .isThrownBy(() -> hasty.tryAcquire("k"))
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

    assertThatExceptionOfType(LeaseStoreException.class).isThrownBy(() -> hasty.peek("k"));
    assertThatExceptionOfType(LeaseStoreException.class).isThrownBy(hasty::list);
    assertThatExceptionOfType(LeaseStoreException.class)
        .isThrownBy(() -> hasty.forceRelease("k", "maintenance"))
        .withMessageContaining("revoke");
  }

  @Test
  void aRenewalThatHangsNeitherHidesTheExpiryNorHoldsUpOtherRenewals() throws Exception {
    store.renewalGate = gate;
    AtomicBoolean valid = new AtomicBoolean(true);
    CompletableFuture<Throwable> ended = workUntilLost(valid);
    while (store.renewing.getCount() > 0) {
      if (ended.isDone()) {
        // The machine stood still for a TTL: then once more.
        ended = workUntilLost(valid);
      }
      Thread.sleep(Duration.ofMillis(1));
    }
    store.renewalGate = null;
    Lease other = manager.acquire("other", Duration.ZERO);

    assertThat(ended.get())
        .isInstanceOfSatisfying(
            LeaseLostException.class, e -> assertThat(e.lossCause()).isEqualTo(LossCause.EXPIRED));
    assertThat(valid).isFalse();
    long before = other.renewals();
    while (other.renewals() < before + 3 && other.loss().isEmpty()) {
      Thread.sleep(Duration.ofMillis(1));
    }
    assertThat(other.loss()).isEmpty();
  }

  /** Works under a lease with a short TTL; completes with what ended it, and notes its validity. */
  private CompletableFuture<Throwable> workUntilLost(AtomicBoolean valid) {
    WorkflowOptions shortTtl = WorkflowOptions.defaults().withTtl(Duration.ofMillis(400));
    CompletableFuture<Throwable> ended = new CompletableFuture<>();
    Thread.ofPlatform()
        .start(
            () -> {
              try {
                manager.run(
                    "hanging",
                    shortTtl,
                    lease -> {
                      try {
                        gate.await();
                      } finally {
                        valid.set(lease.isValid());
                      }
                      return "";
                    });
              } catch (Exception e) {
                ended.complete(e);
              }
            });
    return ended;
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
        .isThrownBy(() -> manager.acquire("another", Duration.ofMillis(50)))
        .satisfies(e -> assertThat(e.fault()).isEqualTo(StoreFault.TIMEOUT));
    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(waiting::get)
        .withCauseInstanceOf(LeaseStoreException.class);
  }

  @Test
  void whoWaitedInVainIsToldThoughNobodyCanSayWhoHoldsTheKey() {
    LeaseGrant grant = heap.tryAcquire(new LeaseRequest("k", PATIENCE.toNanos(), "", false));
    assertThat(grant).isNotNull();
    store.askGate = gate;

    assertThat(whyNot(hasty, "k"))
        .isInstanceOf(LeaseHeldException.class)
        .hasMessageContaining("by somebody else");
  }

  /**
   * Why a short wait ended in vain, as the store said. Where the machine stands still meanwhile,
   * the wait ends before the store's answer: then once more.
   */
  private static Throwable whyNot(LeaseManager manager, String key) {
    while (true) {
      Throwable why = catchThrowable(() -> manager.acquire(key, Duration.ofMillis(50)));
      if (!(why instanceof LeaseStoreException unanswered
          && unanswered.fault() == StoreFault.TIMEOUT)) {
        return why;
      }
    }
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

    assertThat(waiting.get().isValid()).isTrue();
  }

  @Test
  void aWaitThatEndsWhileTheStoreFailsSaysHowItFailed() {
    store.failing = true;

    assertThat(whyNot(manager, "k"))
        .isInstanceOf(LeaseStoreException.class)
        .hasMessage("broken by the test");
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

    assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
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
