package io.ullage.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A manager whose leases are reentrant, beside one whose leases are not. */
class ReentrantLeaseTest {
  private final HeapLeaseStore store = new HeapLeaseStore();
  private final LeaseManager manager = LeaseManager.builder(store).reentrant(true).build();
  private final LeaseManager other = LeaseManager.builder(store).build();

  @AfterEach
  void close() {
    manager.close();
    other.close();
  }

  @Test
  void theThreadThatHoldsAKeyGetsItAgainUnderTheSameToken() throws Exception {
    Lease outer = manager.acquire("k", Duration.ZERO);
    Lease inner = manager.tryAcquire("k").orElseThrow();

    assertThat(inner.token()).isEqualTo(outer.token());
    assertThat(manager.statistics().acquired()).isEqualTo(1);
    inner.close();
    inner.close();
    assertThat(inner.isValid()).isFalse();
    assertThatIllegalStateException().isThrownBy(() -> inner.ensure(Duration.ofMillis(1)));
    assertThat(outer.isValid()).isTrue();
    assertThat(other.tryAcquire("k")).isEmpty();
    outer.close();
    assertThat(other.tryAcquire("k")).isPresent();
  }

  @Test
  void theOrderInWhichHoldsAreClosedDoesNotMatter() throws Exception {
    Lease outer = manager.acquire("k", Duration.ZERO);
    Lease inner = manager.acquire("k", Duration.ZERO);
    outer.close();

    assertThat(outer.isValid()).isFalse();
    assertThat(inner.isValid()).isTrue();
    assertThat(other.tryAcquire("k")).isEmpty();
    inner.close();
    assertThat(other.tryAcquire("k")).isPresent();
  }

  @Test
  void anotherThreadOfTheSameManagerIsRefused() throws Exception {
    Lease held = manager.acquire("k", Duration.ZERO);
    CompletableFuture<Optional<Lease>> elsewhere = new CompletableFuture<>();
    Thread.ofPlatform().start(() -> elsewhere.complete(manager.tryAcquire("k")));

    assertThat(elsewhere.get()).isEmpty();
    held.close();
  }

  @Test
  void withoutTheOptionTheSameThreadIsRefused() throws Exception {
    try (Lease held = other.acquire("k", Duration.ZERO)) {
      assertThat(other.tryAcquire("k")).isEmpty();
      assertThatExceptionOfType(LeaseHeldException.class)
          .isThrownBy(() -> other.run("k", WorkflowOptions.defaults(), lease -> ""));
      assertThat(held.isValid()).isTrue();
    }
  }

  @Test
  void workInsideWorkHasItsOwnDeadlineAndLeavesTheLeaseToTheOuter() throws Exception {
    CompletableFuture<String> never = new CompletableFuture<>();
    WorkflowOptions shortly = WorkflowOptions.defaults().withDeadline(Duration.ofMillis(50));

    long token =
        manager.run(
            "k",
            WorkflowOptions.defaults(),
            outer -> {
              assertThatExceptionOfType(LeaseLostException.class)
                  .isThrownBy(() -> manager.run("k", shortly, inner -> never.get()))
                  .satisfies(e -> assertThat(e.lossCause()).isEqualTo(LossCause.DEADLINE));
              assertThat(Thread.interrupted()).isFalse();
              assertThat(outer.isValid()).isTrue();
              assertThat(other.tryAcquire("k")).isEmpty();
              return outer.token();
            });

    assertThat(other.tryAcquire("k").orElseThrow().token()).isGreaterThan(token);
  }

  @Test
  void theWorkAroundKeepsItsDeadlineWhenTheWorkInsideHasEnded() {
    CompletableFuture<String> never = new CompletableFuture<>();
    WorkflowOptions shortly = WorkflowOptions.defaults().withDeadline(Duration.ofMillis(100));

    assertThatExceptionOfType(LeaseLostException.class)
        .isThrownBy(
            () ->
                manager.run(
                    "k",
                    shortly,
                    outer -> {
                      String ended = manager.run("k", WorkflowOptions.defaults(), inner -> "ended");
                      assertThat(ended).isEqualTo("ended");
                      return never.get();
                    }))
        .satisfies(e -> assertThat(e.lossCause()).isEqualTo(LossCause.DEADLINE));
    assertThat(other.tryAcquire("k")).isPresent();
  }

  @Test
  void aLossEndsTheWorkInsideAndThenTheWorkAround() {
    CompletableFuture<String> never = new CompletableFuture<>();
    CompletableFuture<LossCause> inside = new CompletableFuture<>();

    assertThatExceptionOfType(LeaseLostException.class)
        .isThrownBy(
            () ->
                manager.run(
                    "k",
                    WorkflowOptions.defaults(),
                    outer -> {
                      try {
                        return manager.run(
                            "k",
                            WorkflowOptions.defaults(),
                            inner -> {
                              other.forceRelease("k", "maintenance");
                              return never.get();
                            });
                      } catch (LeaseLostException e) {
                        inside.complete(e.lossCause());
                        return never.get();
                      }
                    }))
        .satisfies(e -> assertThat(e.lossCause()).isEqualTo(LossCause.TAKEN_OVER));
    assertThat(inside).isCompletedWithValue(LossCause.TAKEN_OVER);
    assertThat(other.tryAcquire("k")).isPresent();
  }

  @Test
  void aThreadWhoseLeaseWasLostAcquiresAnew() throws Exception {
    Lease lost = manager.acquire("k", Duration.ZERO);
    CompletableFuture<LeaseLoss> loss = lost.lost();
    assertThat(other.forceRelease("k", "maintenance")).isTrue();
    loss.get();

    assertThat(manager.tryAcquire("k")).isEmpty();
    lost.close();
    try (Lease anew = manager.acquire("k", Duration.ZERO)) {
      assertThat(anew.token()).isGreaterThan(lost.token());
    }
  }
}
