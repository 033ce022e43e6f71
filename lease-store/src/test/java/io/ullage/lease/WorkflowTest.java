package io.ullage.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Work under a lease, on the real clock. */
class WorkflowTest {
  private final FaultyStore store = new FaultyStore(new HeapLeaseStore(), true);
  private final LeaseManager manager = LeaseManager.builder(store).build();
  private final LeaseManager other = LeaseManager.builder(store).build();
  private final CountDownLatch never = new CountDownLatch(1);

  @AfterEach
  void close() {
    manager.close();
    other.close();
  }

  @Test
  void theResultComesBackAndTheKeyIsFree() throws Exception {
    String result = manager.run("k", WorkflowOptions.defaults(), lease -> "token " + lease.key());

    assertThat(result).isEqualTo("token k");
    assertThat(other.tryAcquire("k")).isPresent();
  }

  @Test
  void whatTheWorkThrowsComesBackAndTheKeyIsFree() {
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(
            () ->
                manager.run(
                    "k",
                    WorkflowOptions.defaults(),
                    lease -> {
                      throw new IOException("work");
                    }))
        .withMessage("work");
    assertThat(other.tryAcquire("k")).isPresent();
  }

  @Test
  void aDeadlineEndsWorkUnderAHealthyHeartbeat() {
    WorkflowOptions options =
        WorkflowOptions.defaults()
            .withTtl(Duration.ofSeconds(30))
            .withDeadline(Duration.ofMillis(50));

    assertThatExceptionOfType(LeaseLostException.class)
        .isThrownBy(
            () ->
                manager.run(
                    "k",
                    options,
                    lease -> {
                      never.await();
                      return "";
                    }))
        .withCauseInstanceOf(InterruptedException.class)
        .satisfies(e -> assertThat(e.lossCause()).isEqualTo(LossCause.DEADLINE));
    assertThat(Thread.interrupted()).isFalse();
    assertThat(other.tryAcquire("k")).isPresent();
  }

  @Test
  void afterTheDeadlineTheKeyStaysTakenUntilTheWorkEnds() {
    WorkflowOptions options =
        WorkflowOptions.defaults()
            .withHeartbeat(Duration.ofMillis(20))
            .withDeadline(Duration.ofMillis(30));
    AtomicReference<Boolean> taken = new AtomicReference<>();

    assertThatExceptionOfType(LeaseLostException.class)
        .isThrownBy(
            () ->
                manager.run(
                    "k",
                    options,
                    lease -> {
                      try {
                        never.await();
                      } catch (InterruptedException e) {
                        // Goes on for several heartbeats, as work does that must clean up.
                        awaitRenewals(lease, 3);
                      }
                      taken.set(lease.isValid() && other.tryAcquire("k").isEmpty());
                      return "";
                    }))
        .satisfies(e -> assertThat(e.lossCause()).isEqualTo(LossCause.DEADLINE));
    assertThat(taken).hasValue(true);
  }

  @Test
  void anInnerRunEndsAtTheDeadlineOfTheOuter() {
    WorkflowOptions outer = WorkflowOptions.defaults().withDeadline(Duration.ofMillis(50));
    AtomicReference<Throwable> inner = new AtomicReference<>();

    assertThatExceptionOfType(LeaseLostException.class)
        .isThrownBy(
            () ->
                manager.run(
                    "outer",
                    outer,
                    lease -> {
                      try {
                        return manager.run(
                            "inner",
                            WorkflowOptions.defaults().withDeadline(Duration.ofHours(1)),
                            within -> {
                              never.await();
                              return "";
                            });
                      } catch (LeaseLostException | InterruptedException e) {
                        inner.set(e);
                        never.await();
                        return "";
                      }
                    }));
    assertThat(inner.get()).isNotNull();
  }

  @Test
  void aLossInterruptsTheWorkWithItsCause() {
    CountDownLatch working = new CountDownLatch(1);
    Thread operator =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    working.await();
                    other.forceRelease("k", "operator");
                  } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                  }
                });

    assertThatExceptionOfType(LeaseLostException.class)
        .isThrownBy(
            () ->
                manager.run(
                    "k",
                    WorkflowOptions.defaults(),
                    lease -> {
                      working.countDown();
                      never.await();
                      return "";
                    }))
        .satisfies(e -> assertThat(e.lossCause()).isEqualTo(LossCause.TAKEN_OVER));
    assertThat(operator).isNotNull();
    assertThat(other.tryAcquire("k")).isPresent();
  }

  @Test
  void aHeartbeatThatHangsCannotHideAnExpiry() {
    CountDownLatch gate = new CountDownLatch(1);
    store.renewalGate = gate;
    WorkflowOptions options = WorkflowOptions.defaults().withTtl(Duration.ofMillis(200));

    assertThatExceptionOfType(LeaseLostException.class)
        .isThrownBy(
            () ->
                manager.run(
                    "k",
                    options,
                    lease -> {
                      try {
                        never.await();
                      } finally {
                        assertThat(lease.isValid()).isFalse();
                        gate.countDown();
                      }
                      return "";
                    }))
        .satisfies(e -> assertThat(e.lossCause()).isEqualTo(LossCause.EXPIRED));
  }

  @Test
  void anInterruptByTheCallerEndsTheWorkAndFreesTheKey() throws Exception {
    CountDownLatch working = new CountDownLatch(1);
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    Thread worker =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    manager.run(
                        "k",
                        WorkflowOptions.defaults(),
                        lease -> {
                          working.countDown();
                          never.await();
                          return "";
                        });
                  } catch (Exception e) {
                    thrown.set(e);
                  }
                });
    working.await();
    worker.interrupt();
    worker.join();

    assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
    assertThat(manager.statistics().lost()).containsEntry(LossCause.CANCELLED, 1L);
    assertThat(other.tryAcquire("k")).isPresent();
  }

  @Test
  void aReleaseThatHangsIsGivenUp() throws Exception {
    FaultyStore remote = new FaultyStore(new HeapLeaseStore(), false);
    CountDownLatch gate = new CountDownLatch(1);
    remote.releaseGate = gate;
    try (LeaseManager patient =
        LeaseManager.builder(remote)
            .callTimeout(Duration.ofMinutes(1))
            .releaseTimeout(Duration.ofMillis(50))
            .build()) {
      patient.run("k", WorkflowOptions.defaults(), lease -> "");

      assertThat(patient.statistics().abandonedReleases()).isEqualTo(1);
      gate.countDown();
    }
  }

  @Test
  void aRemoteStoreIsRenewedToo() throws Exception {
    FaultyStore remote = new FaultyStore(new HeapLeaseStore(), false);
    try (LeaseManager far =
        LeaseManager.builder(remote)
            .heartbeat(Duration.ofMillis(50))
            .callTimeout(Duration.ofMinutes(1))
            .build()) {
      Lease lease = far.acquire("k", Duration.ZERO);
      awaitRenewals(lease, 4);

      assertThat(lease.loss()).isEmpty();
    }
  }

  private static void awaitRenewals(Lease lease, int count) throws InterruptedException {
    long before = lease.renewals();
    while (lease.renewals() < before + count && lease.loss().isEmpty()) {
      Thread.sleep(Duration.ofMillis(1));
    }
  }
}
