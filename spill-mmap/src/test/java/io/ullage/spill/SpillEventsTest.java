package io.ullage.spill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ullage.alloc.DetachedSegment;
import io.ullage.core.MemoryLimitException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpillEventsTest {
  private static final int ENTRY = 1000;

  @TempDir Path directory;

  private static List<RecordedEvent> of(String name, List<RecordedEvent> events) {
    return events.stream().filter(event -> event.getEventType().getName().equals(name)).toList();
  }

  private List<RecordedEvent> stop(Recording recording) throws Exception {
    Path file = directory.resolve("recording.jfr");
    recording.stop();
    recording.dump(file);
    return RecordingFile.readAllEvents(file);
  }

  @Test
  void recordsWhatWasSpilledFetchedAndDamaged() throws Exception {
    try (Recording recording = new Recording();
        QueueFixture fixture = new QueueFixture(64 << 20);
        MappedFileStore store =
            MappedFileStore.builder(directory.resolve("store"))
                .build(new FlippingCalls(ENTRY, sequence -> sequence == 2));
        SpillQueue queue =
            fixture
                .builder()
                .name("recorded")
                .store(store)
                .spillPolicy(new EagerPolicy())
                .whenDamaged(WhenDamaged.SKIP)
                .build();
        SpillWriter writer = queue.writer()) {
      for (String name : List.of("Spill", "Fetch", "Damage")) {
        recording.enable("io.ullage." + name).withoutThreshold();
      }
      recording.start();
      for (int i = 0; i < 5; i++) {
        fixture.offer(writer, i, ENTRY);
      }
      QueueFixture.eventually(() -> queue.statistics().spilledEntries() == 4, "all but the last");
      for (int i : new int[] {0, 1, 3, 4}) {
        fixture.expect(queue, i, ENTRY);
      }
      List<RecordedEvent> events = stop(recording);
      assertThat(of("io.ullage.Spill", events))
          .isNotEmpty()
          .allSatisfy(event -> assertThat(event.getString("queue")).isEqualTo("recorded"));
      assertThat(of("io.ullage.Spill", events).stream().mapToInt(e -> e.getInt("entries")).sum())
          .isEqualTo(4);
      assertThat(of("io.ullage.Fetch", events).stream().mapToLong(e -> e.getLong("bytes")).sum())
          .isEqualTo(3 * ENTRY);
      assertThat(of("io.ullage.Damage", events))
          .singleElement()
          .satisfies(event -> assertThat(event.getLong("sequence")).isEqualTo(2))
          .satisfies(event -> assertThat(event.getBoolean("skipped")).isTrue());
    }
  }

  @Test
  void recordsOneWaitForEachOfferThatFindsNoRoom() throws Exception {
    try (Recording recording = new Recording();
        QueueFixture fixture = new QueueFixture(64 << 20);
        SpillQueue queue = fixture.builder().offerTimeout(QueueFixture.LONG).build();
        SpillWriter writer = queue.writer();
        ExecutorService executor = Executors.newSingleThreadExecutor()) {
      recording.enable("io.ullage.MemoryWait").withoutThreshold();
      recording.start();
      fixture.queue.setLimitBytes(2048);
      fixture.offer(writer, 0, 1024);
      fixture.offer(writer, 1, 1024);
      Future<?> waiting = executor.submit(() -> fixture.offer(writer, 2, 1024));
      QueueFixture.eventually(() -> queue.statistics().waitingOffers() == 1, "it waits");
      fixture.expect(queue, 0, 1024);
      waiting.get();
      DetachedSegment refused = fixture.entry(3, 1024);
      assertThatThrownBy(() -> writer.offer(refused, Duration.ofMillis(1)))
          .isInstanceOf(MemoryLimitException.class);
      refused.discard();
      List<RecordedEvent> waits = of("io.ullage.MemoryWait", stop(recording));
      assertThat(waits)
          .allSatisfy(event -> assertThat(event.getString("component")).isEqualTo("queue"))
          .allSatisfy(event -> assertThat(event.getLong("requestedBytes")).isEqualTo(1024))
          .extracting(event -> event.getBoolean("granted"))
          .containsExactlyInAnyOrder(true, false);
      assertThat(waits).allSatisfy(event -> assertThat(event.getDuration()).isPositive());
      fixture.expect(queue, 1, 1024);
      fixture.expect(queue, 2, 1024);
    }
  }

  @Test
  void aFailureIsOneEventHoweverLongItLasts() throws Exception {
    FaultyStore store = new FaultyStore(new HeapStore());
    store.spillFails = call -> call < 6;
    try (Recording recording = new Recording();
        QueueFixture fixture = new QueueFixture(64 << 20);
        SpillQueue queue =
            fixture
                .builder()
                .store(store)
                .spillPolicy(new EagerPolicy())
                .whenFull(WhenFull.KEEP_RESIDENT)
                .build();
        SpillWriter writer = queue.writer()) {
      recording.enable("io.ullage.StoreState");
      recording.start();
      fixture.offer(writer, 0, ENTRY);
      fixture.offer(writer, 1, ENTRY);
      QueueFixture.eventually(() -> queue.statistics().spilledEntries() == 1, "the seventh try");
      List<RecordedEvent> events = of("io.ullage.StoreState", stop(recording));
      assertThat(events).extracting(e -> e.getString("now")).containsExactly("WRITE_FAILED", "OK");
      fixture.expect(queue, 0, ENTRY);
      fixture.expect(queue, 1, ENTRY);
    }
  }
}
