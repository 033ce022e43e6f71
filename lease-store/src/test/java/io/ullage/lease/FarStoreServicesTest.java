package io.ullage.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.ullage.core.Registration;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a manager makes of a store that renews many at once and says that keys are free. */
class FarStoreServicesTest {
  private static final Duration TTL = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Duration ANSWERS_WITHIN = Duration.ofSeconds(30);
  private final AtomicInteger keys = new AtomicInteger();

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
      return ANSWERS_WITHIN;
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

  private List<Lease> take(LeaseManager manager, int count) {
    List<Lease> leases = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      leases.add(manager.tryAcquire("k" + keys.getAndIncrement()).orElseThrow());
    }
    return leases;
  }

  @Test
  void aStoreThatPromisesAnswersIsAskedOnTheCallersThread() {
    Server store = new Server();
    try (LeaseManager manager = manager(store);
        LeaseManager hasty =
            LeaseManager.builder(store).callTimeout(ANSWERS_WITHIN.minusNanos(1)).build()) {
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
              switch (grants.indexOf(request.grant()) % 3) {
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
    try (LeaseManager manager = manager(store)) {
      List<Lease> leases;
      do {
        leases = take(manager, 3);
        assertThat(leases.get(1).lost().get().cause())
            .isIn(LossCause.STORE_FAULT, LossCause.EXPIRED);
        assertThat(leases.get(2).lost().get().cause())
            .isIn(LossCause.STORE_FAULT, LossCause.EXPIRED);
      } while (!isRenewedThreeTimes(leases.getFirst()));
    }
  }

  /** Gives up at once what cannot be released, and nothing else. */
  private static LeaseManager manager(Server store) {
    return LeaseManager.builder(store)
        .ttl(TTL)
        .callTimeout(PATIENCE)
        .releaseTimeout(Duration.ofMillis(100))
        .build();
  }

  /**
   * Waits for three more renewals. Where the machine stands still for a TTL, a lease is rightly
   * lost instead: then it is closed, and another one has to show it.
   */
  private static boolean isRenewedThreeTimes(Lease lease) throws InterruptedException {
    long before = lease.renewals();
    while (lease.renewals() < before + 3) {
      if (lease.loss().isPresent()) {
        assertThat(lease.loss().orElseThrow().cause()).isEqualTo(LossCause.EXPIRED);
        lease.close();
        return false;
      }
      Thread.sleep(Duration.ofMillis(1));
    }
    return true;
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
    try (LeaseManager manager = manager(store)) {
      Lease lost = manager.tryAcquire("hanging").orElseThrow();
      hanging.await();
      Lease other = manager.tryAcquire("other").orElseThrow();

      assertThat(lost.lost().get().cause()).isEqualTo(LossCause.EXPIRED);
      while (!isRenewedThreeTimes(other)) {
        other = manager.acquire("other", PATIENCE);
      }
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
    try (LeaseManager manager = manager(store)) {
      Set<LossCause> causes;
      do {
        causes = EnumSet.noneOf(LossCause.class);
        for (Lease lease : take(manager, 2)) {
          causes.add(lease.lost().get().cause());
          lease.close();
        }
        // Where the machine stands still for a TTL, nothing was tried before that: then once more.
      } while (causes.contains(LossCause.EXPIRED));
      assertThat(causes).containsExactly(LossCause.STORE_FAULT);
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
    try (LeaseManager manager =
        LeaseManager.builder(store).nanoClock(clock).ttl(TTL).callTimeout(PATIENCE).build()) {
      CompletableFuture<Lease> waiting = manager.acquireAsync("k", PATIENCE);
      store.asked.await();
      assertThat(grant.release()).isTrue();
      store.listeners.forEach(listener -> listener.accept("k"));
      gate.countDown();

      assertThat(waiting.get().isValid()).isTrue();
    }
  }

  @Test
  void closingAManagerEndsItsListening() throws Exception {
    Server store = new Server();
    LeaseManager manager = manager(store);
    manager.acquireAsync("k", PATIENCE).get().close();
    assertThat(store.listeners).hasSize(1);

    manager.close();

    assertThat(store.listeners).isEmpty();
  }
}
