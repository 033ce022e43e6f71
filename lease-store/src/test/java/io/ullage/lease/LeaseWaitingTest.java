package io.ullage.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Those who wait for a key, and what they are told. */
class LeaseWaitingTest {
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

  @Test
  void whoIsRefusedLearnsWhoHoldsTheKey() throws Exception {
    Lease lease = manager.tryAcquire("k").orElseThrow();

    assertThatExceptionOfType(LeaseHeldException.class)
        .isThrownBy(() -> other.acquire("k", Duration.ZERO))
        .withMessageContaining("pid " + ProcessHandle.current().pid())
        .satisfies(e -> assertThat(e.holder().orElseThrow().token()).isEqualTo(lease.token()));
  }

  @Test
  void whoWaitedInVainLearnsWhoHoldsTheKey() {
    try (LeaseManager real = LeaseManager.builder(new HeapLeaseStore()).build()) {
      Lease lease = real.tryAcquire("k").orElseThrow();
      assertThatExceptionOfType(LeaseHeldException.class)
          .isThrownBy(() -> real.acquire("k", Duration.ofMillis(20)))
          .satisfies(e -> assertThat(e.holder().orElseThrow().token()).isEqualTo(lease.token()));
    }
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

      Lease one = first.get();
      assertThat(second).isNotDone();
      one.close();
      Lease two = second.get();
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
        .isThrownBy(waiting::get)
        .withCauseInstanceOf(IllegalStateException.class);
  }
}
