package io.ullage.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Leases among processes that live, on the real clock. */
class ProcessesIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final List<String> OTHER_PIDS =
      List.of("unshare", "--pid", "--fork", "--mount-proc", "--kill-child");

  @TempDir Path folder;
  private Path path;
  private ChronicleLeaseStore store;
  private LeaseManager manager;

  @BeforeEach
  void open() {
    path = folder.resolve("store");
    store = ChronicleLeaseStore.open(path);
    manager = LeaseManager.builder(store).build();
  }

  @AfterEach
  void close() {
    manager.close();
    store.close();
  }

  @Test
  void aHeartbeatKeepsAKeyFarPastItsTtlAndWithoutOneItIsLost() throws Exception {
    try (LeaseProcess unrenewed = LeaseProcess.start("hold-unrenewed", path, "PT1S")) {
      long token = Long.parseLong(unrenewed.line());
      try (Lease lease = manager.acquire("k", PATIENCE)) {
        assertThat(lease.token()).isGreaterThan(token);
      }
    }
    boolean kept = false;
    while (!kept) {
      // A machine that stands still for a TTL takes the key away, rightly: then once more.
      try (LeaseProcess holder = LeaseProcess.start("hold", path, "PT1S")) {
        long token = Long.parseLong(holder.line());
        try (Lease taken = manager.acquire("k", Duration.ofSeconds(3))) {
          assertThat(taken.token()).isGreaterThan(token);
        } catch (LeaseHeldException e) {
          assertThat(e.holder().orElseThrow().token()).as("still").isEqualTo(token);
          kept = true;
        }
      }
    }
  }

  @Test
  void whoLostAKeyCanNeitherRenewNorReleaseItsSuccessors() throws Exception {
    try (LeaseProcess late = LeaseProcess.start("hold-unrenewed", path, "PT0.3S")) {
      assertThat(late.line()).isNotEmpty();
      try (Lease lease = manager.acquire("k", PATIENCE)) {
        late.tell("what is left?");

        assertThat(late.line()).isEqualTo("TAKEN_OVER TAKEN_OVER false");
        assertThat(lease.isValid()).isTrue();
        assertThat(store.peek("k").orElseThrow().token()).isEqualTo(lease.token());
      }
    }
  }

  @Test
  void anExpiredKeyMayNotBeRenewedThoughNobodyTookIt() throws Exception {
    try (LeaseProcess late = LeaseProcess.start("hold-unrenewed", path, "PT0.3S")) {
      assertThat(late.line()).isNotEmpty();
      while (store.peek("k").orElseThrow().state() != LeaseState.EXPIRED) {
        Thread.sleep(Duration.ofMillis(5));
      }
      late.tell("what is left?");

      assertThat(late.line()).isEqualTo("EXPIRED EXPIRED true");
    }
  }

  @Test
  void aHolderThatTheCollectorStoppedPastItsTtlIsInvalidAtItsFirstLook() throws Exception {
    FenceGuard resource = new FenceGuard();
    try (LeaseProcess holder =
        LeaseProcess.start(
            List.of(),
            List.of("-XX:+UseSerialGC", "-Xms3g", "-Xmx3g"),
            "collect",
            path,
            "PT0.1S")) {
      long stale = Long.parseLong(holder.line());
      resource.check(stale);
      CompletableFuture<Lease> next = manager.acquireAsync("k", PATIENCE);

      assertThat(holder.line()).isEqualTo("false");
      try (Lease lease = next.get()) {
        resource.check(lease.token());
        assertThatExceptionOfType(StaleTokenException.class)
            .isThrownBy(() -> resource.check(stale));
      }
    }
  }

  private static void assumeNamespaces() throws Exception {
    assumeTrue(
        new ProcessBuilder(OTHER_PIDS.getFirst(), "--pid", "--fork", "true").start().waitFor() == 0,
        "needs the right to make a PID namespace");
  }

  @Test
  void aPidThatIsUsedAgainIsNotTakenForTheDeadOwner() throws Exception {
    assumeNamespaces();
    // Both are pid 1, from which follows their place in the store as well.
    try (LeaseProcess holder = LeaseProcess.start(OTHER_PIDS, List.of(), "hold", path, "PT5M")) {
      long token = Long.parseLong(holder.line());
      assertThat(manager.tryAcquire("k")).as("it was seen alive").isEmpty();
      holder.process().destroyForcibly().waitFor();

      try (LeaseProcess next = LeaseProcess.start(OTHER_PIDS, List.of(), "open", path, "PT5M")) {
        assertThat(next.line()).isEqualTo("open");
        try (Lease lease = manager.acquire("k", PATIENCE)) {
          assertThat(lease.token()).isGreaterThan(token);
        }
      }
    }
  }

  @Test
  void anOwnerInAnotherPidNamespaceIsSeenAliveAndItsDeathIsNoticed() throws Exception {
    assumeNamespaces();
    try (LeaseProcess holder = LeaseProcess.start(OTHER_PIDS, List.of(), "hold", path, "PT5M")) {
      long token = Long.parseLong(holder.line());
      LeaseView view = store.peek("k").orElseThrow();
      assertThat(view.alive()).isTrue();
      assertThat(view.pid()).as("in its own namespace").isEqualTo(1);
      assertThat(manager.tryAcquire("k")).isEmpty();

      holder.process().destroyForcibly();

      try (Lease lease = manager.acquire("k", PATIENCE)) {
        assertThat(lease.token()).isGreaterThan(token);
      }
    }
  }

  @Test
  @Timeout(value = 15, unit = TimeUnit.MINUTES)
  void eachOfEightProcessesGetsItsShare() throws Exception {
    int handOvers = Rounds.of(400, 1_000);
    List<LeaseProcess> processes = new ArrayList<>();
    Lease start = manager.acquire("k", Duration.ZERO);
    try {
      String last = Long.toString(start.token() + handOvers);
      for (int i = 0; i < 8; i++) {
        processes.add(LeaseProcess.start("contend", path, "PT30S", last));
      }
      for (LeaseProcess process : processes) {
        assertThat(process.line()).isEqualTo("ready");
      }
      start.close();
      List<Integer> shares = new ArrayList<>();
      for (LeaseProcess process : processes) {
        shares.add(Integer.parseInt(process.line()));
      }

      assertThat(shares.stream().mapToInt(Integer::intValue).sum()).isEqualTo(handOvers);
      assertThat(shares).allSatisfy(share -> assertThat(share).isGreaterThan(handOvers / 20 - 1));
    } finally {
      processes.forEach(LeaseProcess::close);
    }
  }

  /** What is held by somebody who is taken for dead, at a second look too. */
  private List<LeaseView> takenForDead() {
    return store.list().stream()
        .filter(view -> view.state() == LeaseState.HELD && !view.alive())
        .map(view -> store.peek(view.key()).orElseThrow())
        .filter(view -> view.state() == LeaseState.HELD && !view.alive())
        .toList();
  }

  @Test
  @Timeout(value = 15, unit = TimeUnit.MINUTES)
  void noneOfManyLeasesInSeveralProcessesIsLost() throws Exception {
    String millis = Integer.toString(Rounds.of(6_000, 180_000));
    List<LeaseProcess> processes = new ArrayList<>();
    try {
      for (int i = 0; i < 4; i++) {
        processes.add(
            LeaseProcess.start("many", path, "PT10S", "process" + i + "-", "500", millis));
      }
      for (LeaseProcess process : processes) {
        assertThat(process.line()).isEqualTo("held");
      }
      while (processes.stream().noneMatch(LeaseProcess::hasSpoken)) {
        assertThat(takenForDead()).isEmpty();
        Thread.sleep(Duration.ofMillis(20));
      }
      for (LeaseProcess process : processes) {
        assertThat(process.line()).startsWith("0 ").doesNotContainPattern("=[1-9]");
      }
    } finally {
      processes.forEach(LeaseProcess::close);
    }
  }
}
