package io.ullage.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
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
  void closingTheManagerEndsItsLeasesWithACause() throws Exception {
    Lease lease = manager.tryAcquire("k").orElseThrow();
    CompletableFuture<LeaseLoss> lost = lease.lost();

    manager.close();

    assertThat(lost.get().cause()).isEqualTo(LossCause.CLOSED);
    assertThat(other.tryAcquire("k")).isPresent();
    assertThatIllegalStateException().isThrownBy(() -> manager.tryAcquire("k"));
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
