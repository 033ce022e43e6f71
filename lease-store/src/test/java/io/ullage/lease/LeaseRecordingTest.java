package io.ullage.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a flight recording and the counters say of leases that come, are late, and go. */
class LeaseRecordingTest {
  private static final Duration TTL = Duration.ofSeconds(30);

  @TempDir Path folder;
  private final ManualClock clock = new ManualClock();
  private final FaultyStore store = new FaultyStore(new HeapLeaseStore(clock), true);
  private final LeaseManager manager =
      LeaseManager.builder(store).ttl(TTL).nanoClock(clock).withoutThreads().build();

  private void advanceAndSweep(Duration duration) {
    clock.advance(duration);
    manager.sweeps().renewDue(clock.getAsLong());
    manager.sweeps().watch(clock.getAsLong());
  }

  private static List<RecordedEvent> named(List<RecordedEvent> events, String name) {
    return events.stream()
        .filter(event -> event.getEventType().getName().equals("io.ullage." + name))
        .toList();
  }

  @Test
  void acquisitionsTakeoversLateRenewalsAndLossesAreRecordedAndCounted() throws Exception {
    List<RecordedEvent> events;
    try (Recording recording = new Recording()) {
      recording.start();
      Lease first = manager.tryAcquire("k").orElseThrow();
      store.failing = true;
      advanceAndSweep(Duration.ofSeconds(10));
      store.failing = false;
      advanceAndSweep(Duration.ofSeconds(3));
      clock.advance(TTL.plusMillis(1));
      assertThat(first.isValid()).isFalse();
      Lease second = manager.tryAcquire("k").orElseThrow();
      second.close();
      recording.stop();
      Path file = folder.resolve("leases.jfr");
      recording.dump(file);
      events = RecordingFile.readAllEvents(file);
    }
    manager.close();

    assertThat(named(events, "LeaseAcquired"))
        .extracting(event -> event.getBoolean("takeover"))
        .containsExactly(false, true);
    assertThat(named(events, "LeaseRenewedLate"))
        .singleElement()
        .satisfies(
            event -> assertThat(event.getDuration("lateNanos")).isEqualTo(Duration.ofSeconds(3)));
    assertThat(named(events, "LeaseLost"))
        .singleElement()
        .satisfies(event -> assertThat(event.getString("cause")).isEqualTo("EXPIRED"));
    LeaseStatistics counts = manager.statistics();
    assertThat(counts.acquired()).isEqualTo(2);
    assertThat(counts.takeovers()).isEqualTo(1);
    assertThat(counts.renewed()).isEqualTo(1);
    assertThat(counts.lateRenewals()).isEqualTo(1);
    assertThat(counts.failedRenewals()).isEqualTo(1);
    assertThat(counts.lost()).containsEntry(LossCause.EXPIRED, 1L);
  }

  @Test
  void aHeartbeatThatWasHeldUpIsCountedAsLateThoughTheStoreNeverFailed() {
    Lease lease = manager.tryAcquire("k").orElseThrow();
    advanceAndSweep(Duration.ofSeconds(14));

    assertThat(lease.isValid()).isTrue();
    assertThat(manager.statistics().lateRenewals()).isEqualTo(1);
    advanceAndSweep(Duration.ofSeconds(10));
    assertThat(manager.statistics().renewed()).isEqualTo(2);
    assertThat(manager.statistics().lateRenewals()).isEqualTo(1);
    manager.close();
  }
}
