package io.ullage.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Work under a lease in another process, and what this one sees of its ends. */
class WorkIT {
  private static final String TTL = "PT1S";
  private static final String LONG = "PT1H";

  @TempDir Path folder;
  private Path path;
  private ChronicleLeaseStore store;
  private LeaseManager manager;

  @BeforeEach
  void open() {
    path = folder.resolve("store");
    store = ChronicleLeaseStore.open(path, 64);
    manager = LeaseManager.builder(store).build();
  }

  @AfterEach
  void close() {
    manager.close();
    store.close();
  }

  private void isFreeAfter(long token) {
    assertThat(store.peek("k").orElseThrow().state()).isEqualTo(LeaseState.FREE);
    assertThat(manager.tryAcquire("k").orElseThrow().token()).isGreaterThan(token);
  }

  @Test
  void theKeyIsTakenWhileItWorksAndFreeWhenItHasEnded() throws Exception {
    try (LeaseProcess process = LeaseProcess.start("work", path, "PT30S", LONG)) {
      long token = Long.parseLong(process.line());
      assertThat(manager.tryAcquire("k")).isEmpty();

      process.tell("end");

      assertThat(process.line()).isEqualTo("ended");
      isFreeAfter(token);
    }
  }

  @Test
  void aLossInterruptsItAndComesBackAsItsCause() throws Exception {
    try (LeaseProcess process = LeaseProcess.start("work", path, TTL, LONG)) {
      long token = Long.parseLong(process.line());

      assertThat(manager.forceRelease("k", "maintenance")).isTrue();

      assertThat(process.line()).isEqualTo("TAKEN_OVER by " + InterruptedException.class);
      isFreeAfter(token);
    }
  }

  @Test
  void itsDeadlineEndsItThoughItsHeartbeatIsHealthy() throws Exception {
    try (LeaseProcess process = LeaseProcess.start("work", path, TTL, "PT3S")) {
      long token = Long.parseLong(process.line());
      assertThat(manager.tryAcquire("k")).isEmpty();

      assertThat(process.line()).isEqualTo("DEADLINE by " + InterruptedException.class);
      assertThat(process.line()).isEqualTo("renewed");
      isFreeAfter(token);
    }
  }

  @Test
  void aCallersInterruptEndsItAndFreesTheKey() throws Exception {
    try (LeaseProcess process = LeaseProcess.start("work", path, "PT30S", LONG)) {
      long token = Long.parseLong(process.line());

      process.tell("interrupt");

      assertThat(process.line()).isEqualTo(InterruptedException.class.toString());
      isFreeAfter(token);
    }
  }

  @Test
  void aProcessThatNobodyRecordsLoadsNoClassOfAnEvent() throws Exception {
    Path log = folder.resolve("classes");
    List<String> logging = List.of("-Xlog:class+load:file=" + log);
    try (LeaseProcess process = LeaseProcess.start(List.of(), logging, "work", path, TTL, LONG)) {
      assertThat(process.line()).isNotEmpty();
      assertThat(manager.forceRelease("k", "maintenance")).isTrue();
      assertThat(process.line()).startsWith("TAKEN_OVER");
      assertThat(process.exitCode()).isZero();
    }

    assertThat(Files.readString(log))
        .contains(LeaseEvents.class.getName())
        .doesNotContain(LeaseAcquiredEvent.class.getName(), LeaseLostEvent.class.getName());
  }
}
