package io.ullage.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Leases in shared memory, of which a sweep renews blocks at once; the tests sweep themselves. */
class BatchedRenewalTest {
  private static final Duration TTL = Duration.ofMinutes(30);

  /** By how much a lease ends for its holder before it does for others. */
  private static final Duration MARGIN = TTL.dividedBy(10);

  @TempDir Path folder;
  private ChronicleLeaseStore store;
  private LeaseManager manager;

  @BeforeEach
  void open() {
    store = ChronicleLeaseStore.open(folder.resolve("store"), 1024);
    manager = LeaseManager.builder(store).ttl(TTL).withoutThreads().build();
  }

  @AfterEach
  void close() {
    manager.close();
    store.close();
  }

  /** A manager whose leases are always due. */
  private LeaseManager eager() {
    return LeaseManager.builder(store)
        .ttl(TTL)
        .heartbeat(Duration.ofNanos(1))
        .withoutThreads()
        .build();
  }

  private List<Lease> take(int count) {
    List<Lease> leases = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      leases.add(manager.tryAcquire("k" + i).orElseThrow());
    }
    return leases;
  }

  /** Sweeps as if the clock stood so much later. */
  private void sweepAfter(Duration duration) {
    manager.sweeps().renewDue(System.nanoTime() + duration.toNanos());
  }

  @Test
  void aSweepRenewsAllThatAreDueAndNoOther() {
    try (LeaseManager eager = eager()) {
      List<Lease> due = new ArrayList<>();
      for (int i = 0; i < 5 * LeaseBatch.BLOCK / 2; i++) {
        due.add(eager.tryAcquire("due" + i).orElseThrow());
      }
      List<Lease> notDue = take(10);

      eager.sweeps().renewDue(System.nanoTime());
      manager.sweeps().renewDue(System.nanoTime());

      assertThat(due).allSatisfy(lease -> assertThat(lease.renewals()).isEqualTo(1));
      assertThat(eager.statistics().renewed()).isEqualTo(due.size());
      assertThat(notDue).allSatisfy(lease -> assertThat(lease.renewals()).isZero());
    }
  }

  @Test
  void aRenewalMovesWhatTheHolderAndWhatOthersSee() {
    Lease lease = take(1).getFirst();

    sweepAfter(Duration.ofMinutes(10));

    assertThat(lease.remaining()).isGreaterThan(Duration.ofMinutes(30));
    assertThat(store.peek("k0").orElseThrow().expiresIn()).isGreaterThan(Duration.ofMinutes(33));
  }

  @Test
  void aLateRenewalIsCountedAsLate() {
    List<Lease> leases = take(3);

    sweepAfter(Duration.ofMinutes(14));
    assertThat(manager.statistics().lateRenewals()).isEqualTo(3);
    assertThat(leases).allSatisfy(lease -> assertThat(lease.renewals()).isEqualTo(1));

    sweepAfter(Duration.ofMinutes(24));
    assertThat(manager.statistics().lateRenewals()).isEqualTo(3);
    assertThat(leases).allSatisfy(lease -> assertThat(lease.renewals()).isEqualTo(2));
  }

  @Test
  void aLeaseThatRanOutIsLostAndNotRenewed() {
    List<Lease> leases = take(3);

    sweepAfter(TTL);

    assertThat(leases)
        .allSatisfy(
            lease -> {
              assertThat(lease.isValid()).isFalse();
              assertThat(lease.loss().orElseThrow().cause()).isEqualTo(LossCause.EXPIRED);
            });
    assertThat(manager.statistics().renewed()).isZero();
  }

  @Test
  void aRevokedLeaseIsLostAtAGlanceAndTheOthersGoOn() {
    List<Lease> leases = take(LeaseBatch.BLOCK + 20);
    sweepAfter(Duration.ZERO);
    assertThat(store.revoke("k7", "operator")).isTrue();

    sweepAfter(Duration.ofSeconds(1));

    for (int i = 0; i < leases.size(); i++) {
      assertThat(leases.get(i).isValid()).as("lease %s", i).isEqualTo(i != 7);
    }
    assertThat(leases.get(7).loss().orElseThrow().cause()).isEqualTo(LossCause.TAKEN_OVER);
  }

  @Test
  void aRevokedLeaseIsLostWhenItIsRenewed() {
    try (LeaseManager eager = eager()) {
      Lease revoked = eager.tryAcquire("revoked").orElseThrow();
      Lease other = eager.tryAcquire("other").orElseThrow();
      assertThat(store.revoke("revoked", "operator")).isTrue();

      eager.sweeps().renewDue(System.nanoTime());

      assertThat(revoked.loss().orElseThrow().cause()).isEqualTo(LossCause.TAKEN_OVER);
      assertThat(other.renewals()).isEqualTo(1);
    }
  }

  @Test
  void whateverComesAndGoesEachThatIsHeldIsRenewed() throws Exception {
    Random random = new Random(11);
    List<Lease> held = new ArrayList<>();
    ArrayDeque<String> free = new ArrayDeque<>();
    try (LeaseManager eager = eager()) {
      for (int round = 0; round < 20; round++) {
        for (int i = 0; i < 60; i++) {
          if (random.nextInt(3) == 0 && !held.isEmpty()) {
            Lease goes = held.remove(random.nextInt(held.size()));
            goes.close();
            free.add(goes.key());
          } else {
            // Keys come again, so that records differ in how often they were held.
            String key = random.nextBoolean() ? free.poll() : null;
            held.add(eager.tryAcquire(key == null ? "key" + round + "-" + i : key).orElseThrow());
          }
        }
        List<Long> before = held.stream().map(Lease::renewals).toList();
        // A record that is not renewed falls behind its lease by that.
        Thread.sleep(Duration.ofMillis(10));
        eager.sweeps().renewDue(System.nanoTime());
        for (int i = 0; i < held.size(); i++) {
          Lease lease = held.get(i);
          assertThat(lease.renewals()).isEqualTo(before.get(i) + 1);
          Duration inStore = store.peek(lease.key()).orElseThrow().expiresIn();
          assertThat(inStore.minus(lease.remaining())).isGreaterThan(MARGIN.minusMillis(5));
        }
        assertThat(eager.statistics().held()).isEqualTo(held.size());
      }
    }
  }

  @Test
  void workWithATimingOfItsOwnIsRenewedOnItsOwn() throws Exception {
    List<Lease> others = take(5);
    WorkflowOptions quick = WorkflowOptions.defaults().withTtl(Duration.ofMinutes(3));

    long renewals =
        manager.run(
            "quick",
            quick,
            lease -> {
              sweepAfter(Duration.ofMinutes(1));
              sweepAfter(Duration.ofMinutes(2));
              return lease.renewals();
            });

    assertThat(renewals).isEqualTo(2);
    assertThat(manager.statistics().renewed()).isEqualTo(2);
    sweepAfter(Duration.ofMinutes(10));
    assertThat(others)
        .allSatisfy(
            lease -> {
              assertThat(lease.remaining()).isGreaterThan(TTL);
              assertThat(store.peek(lease.key()).orElseThrow().expiresIn())
                  .isGreaterThan(TTL.plus(MARGIN));
            });
  }

  @Test
  void aKeyThatIsHeldForAWhileLongerIsFreedThen() throws Exception {
    take(5);
    WorkflowOptions forAnHour = WorkflowOptions.defaults().withHoldAtLeast(Duration.ofHours(1));
    manager.run("k", forAnHour, lease -> "");
    for (int minutes = 10; minutes < 60; minutes += 10) {
      sweepAfter(Duration.ofMinutes(minutes));
      assertThat(store.peek("k").orElseThrow().state()).isEqualTo(LeaseState.HELD);
    }

    sweepAfter(Duration.ofMinutes(60));

    manager.acquire("k", Duration.ofMinutes(1)).close();
    assertThat(manager.statistics().held()).isEqualTo(5);
  }

  @Test
  void aLeaseIsGivenBackWhileSweepsRun() throws Exception {
    try (LeaseManager eager =
        LeaseManager.builder(store).ttl(TTL).heartbeat(Duration.ofNanos(1)).build()) {
      List<Lease> stays = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        stays.add(eager.tryAcquire("stays" + i).orElseThrow());
      }
      for (int i = 0; i < 2_000; i++) {
        Lease goes = eager.acquire("goes" + i % 100, Duration.ofMinutes(1));
        assertThat(goes.isValid()).isTrue();
        goes.close();
        assertThat(goes.isValid()).isFalse();
      }
      for (Lease each : stays) {
        while (each.renewals() < 10 && each.loss().isEmpty()) {
          Thread.onSpinWait();
        }
      }
      assertThat(eager.statistics().lost().values()).containsOnly(0L);
    }
  }
}
