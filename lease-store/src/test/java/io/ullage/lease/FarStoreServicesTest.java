package io.ullage.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.ullage.core.Registration;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a manager makes of a store that renews many at once and says that keys are free. */
class FarStoreServicesTest {
  private static final Duration TTL = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** A store far away whose batches and hints a test has in its hands. */
  private static class Server implements LeaseStore {
    final HeapLeaseStore heap = new HeapLeaseStore();
    final List<Thread> askedOn = new CopyOnWriteArrayList<>();
    final List<Consumer<? super String>> listeners = new CopyOnWriteArrayList<>();
    final List<LeaseGrant> grants = new CopyOnWriteArrayList<>();
    final CountDownLatch asked = new CountDownLatch(1);
    volatile @Nullable CountDownLatch refusalGate;

    @Override
    public @Nullable LeaseGrant tryAcquire(LeaseRequest request) {
      askedOn.add(Thread.currentThread());
      LeaseGrant grant = heap.tryAcquire(request);
      CountDownLatch gate = refusalGate;
      if (grant != null) {
        grants.add(grant);
      } else if (gate != null) {
        asked.countDown();
        await(gate);
      }
      return grant;
    }

    static void await(CountDownLatch gate) {
      try {
        gate.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public Optional<LeaseView> peek(String key) {
      return heap.peek(key);
    }

    @Override
    public List<LeaseView> list() {
      return heap.list();
    }

    @Override
    public boolean revoke(String key, String reason) {
      return heap.revoke(key, reason);
    }

    @Override
    public boolean isLocal() {
      return false;
    }

    @Override
    public Duration answersWithin() {
      return Duration.ofSeconds(1);
    }

    @Override
    public boolean renewsTogether() {
      return true;
    }

    @Override
    public Registration onFreed(Consumer<? super String> listener) {
      listeners.add(listener);
      return () -> listeners.remove(listener);
    }

    @Override
    public void close() {
      heap.close();
    }
  }

  private static List<Lease> take(LeaseManager manager, int count) {
    List<Lease> leases = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      leases.add(manager.tryAcquire("k" + i).orElseThrow());
    }
    return leases;
  }

  @Test
  void aStoreThatPromisesAnswersIsAskedOnTheCallersThread() {
    Server store = new Server();
    try (LeaseManager manager = LeaseManager.builder(store).build();
        LeaseManager hasty =
            LeaseManager.builder(store).callTimeout(Duration.ofMillis(500)).build()) {
      take(manager, 1).getFirst().close();
      take(hasty, 1).getFirst().close();

      assertThat(store.askedOn.getFirst()).isEqualTo(Thread.currentThread());
      assertThat(store.askedOn.getLast()).isNotEqualTo(Thread.currentThread());
    }
  }

  @Test
  void whatOneRenewalOfABatchComesToIsNothingToTheOthers() throws Exception {
    Server store =
        new Server() {
          @Override
          public void renewAll(List<RenewalRequest> requests) {
            for (RenewalRequest request : requests) {
              switch (grants.indexOf(request.grant())) {
                case 0 -> request.answer().complete(request.grant().renew(request.ttlNanos()));
                case 1 ->
                    request
                        .answer()
                        .completeExceptionally(
                            new LeaseStoreException(StoreFault.UNAVAILABLE, "broken by the test"));
                default -> assertThat(request.answer()).isNotDone();
              }
            }
          }
        };
    try (LeaseManager manager =
        LeaseManager.builder(store).ttl(TTL).releaseTimeout(Duration.ofMillis(100)).build()) {
      List<Lease> leases = take(manager, 3);
      LossCause failed = leases.get(1).lost().get(PATIENCE.toSeconds(), TimeUnit.SECONDS).cause();
      LossCause unanswered =
          leases.get(2).lost().get(PATIENCE.toSeconds(), TimeUnit.SECONDS).cause();
      long before = leases.getFirst().renewals();
      while (leases.getFirst().renewals() < before + 3 && leases.getFirst().loss().isEmpty()) {
        Thread.sleep(Duration.ofMillis(1));
      }

      assertThat(leases.getFirst().loss()).isEmpty();
      assertThat(failed).isIn(LossCause.STORE_FAULT, LossCause.EXPIRED);
      assertThat(unanswered).isIn(LossCause.STORE_FAULT, LossCause.EXPIRED);
    }
  }

  @Test
  void aBatchThatHangsHoldsUpNeitherTheWatchdogNorLaterOnes() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    CountDownLatch hanging = new CountDownLatch(1);
    Server store =
        new Server() {
          @Override
          public void renewAll(List<RenewalRequest> requests) {
            if (hanging.getCount() > 0) {
              hanging.countDown();
              await(gate);
            }
            super.renewAll(requests);
          }
        };
    try (LeaseManager manager =
        LeaseManager.builder(store).ttl(TTL).releaseTimeout(Duration.ofMillis(100)).build()) {
      Lease lost = manager.tryAcquire("hanging").orElseThrow();
      hanging.await();
      Lease other = manager.tryAcquire("other").orElseThrow();

      assertThat(lost.lost().get(PATIENCE.toSeconds(), TimeUnit.SECONDS).cause())
          .isEqualTo(LossCause.EXPIRED);
      long before = other.renewals();
      while (other.renewals() < before + 3 && other.loss().isEmpty()) {
        Thread.sleep(Duration.ofMillis(1));
      }
      assertThat(other.loss()).isEmpty();
      gate.countDown();
    }
  }

  @Test
  void aBatchThatThrowsHasFailedForEach() throws Exception {
    Server store =
        new Server() {
          @Override
          public void renewAll(List<RenewalRequest> requests) {
            throw new LeaseStoreException(StoreFault.UNAVAILABLE, "broken by the test");
          }
        };
    try (LeaseManager manager = LeaseManager.builder(store).ttl(TTL).build()) {
      for (Lease lease : take(manager, 2)) {
        assertThat(lease.lost().get(PATIENCE.toSeconds(), TimeUnit.SECONDS).cause())
            .isEqualTo(LossCause.STORE_FAULT);
      }
      assertThat(manager.statistics().failedRenewals()).isGreaterThanOrEqualTo(2);
    }
  }

  @Test
  void aHintThatComesWhileAQuestionIsInFlightIsNotForgotten() throws Exception {
    // A clock that stands still: nobody who waits asks again for the time that has passed.
    ManualClock clock = new ManualClock();
    Server store = new Server();
    CountDownLatch gate = new CountDownLatch(1);
    LeaseGrant grant =
        Objects.requireNonNull(
            store.heap.tryAcquire(new LeaseRequest("k", TTL.toNanos() * 60, "", false)));
    store.refusalGate = gate;
    try (LeaseManager manager = LeaseManager.builder(store).nanoClock(clock).ttl(TTL).build()) {
      CompletableFuture<Lease> waiting = manager.acquireAsync("k", PATIENCE);
      store.asked.await();
      assertThat(grant.release()).isTrue();
      store.listeners.forEach(listener -> listener.accept("k"));
      gate.countDown();

      assertThat(waiting.get(PATIENCE.toSeconds(), TimeUnit.SECONDS).isValid()).isTrue();
    }
  }

  @Test
  void closingAManagerEndsItsListening() throws Exception {
    Server store = new Server();
    LeaseManager manager = LeaseManager.builder(store).build();
    manager.acquireAsync("k", PATIENCE).get(PATIENCE.toSeconds(), TimeUnit.SECONDS).close();
    assertThat(store.listeners).hasSize(1);

    manager.close();

    assertThat(store.listeners).isEmpty();
  }
}
