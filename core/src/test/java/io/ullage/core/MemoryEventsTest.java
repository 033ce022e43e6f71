package io.ullage.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a flight recording shows of refusals and of waits. */
class MemoryEventsTest {
  @TempDir Path directory;

  private final ComponentRegistry registry =
      ComponentRegistry.builder().limitBytes(1000).withoutCounterFile().build();
  private final Component inner = registry.component("outer.inner");
  private final Recording recording = new Recording();

  @BeforeEach
  void record() {
    registry.component("outer").setLimitBytes(100);
    recording.enable("io.ullage.Refusal");
    recording.enable("io.ullage.MemoryWait").withoutThreshold();
    recording.start();
  }

  @AfterEach
  void close() {
    recording.close();
    registry.close();
  }

  @Test
  void aRefusalNamesWhoAskedWhichLevelRefusedAndTheSizes() throws Exception {
    inner.charge(40);
    assertThat(inner.tryCharge(61)).isFalse();
    assertThatThrownBy(() -> inner.charge(62)).isInstanceOf(MemoryLimitException.class);

    List<RecordedEvent> events = events("io.ullage.Refusal");
    assertThat(events)
        .extracting(event -> event.getLong("requestedBytes"))
        .containsExactly(61L, 62L);
    assertThat(events)
        .allSatisfy(
            event -> {
              assertThat(event.getString("component")).isEqualTo("outer.inner");
              assertThat(event.getString("level")).isEqualTo("outer");
              assertThat(event.getLong("reservedBytes")).isEqualTo(40);
              assertThat(event.getLong("limitBytes")).isEqualTo(100);
            });
    inner.discharge(40);
  }

  @Test
  void aWaitLastsAsLongAsItTookAndSaysWhetherItEndedWell() throws Exception {
    inner.charge(100);
    assertThatThrownBy(() -> inner.charge(1, Duration.ofMillis(2)))
        .isInstanceOf(MemoryLimitException.class);
    Thread waiter =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    inner.charge(2, Duration.ofMinutes(1));
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                });
    while (registry.waitingCharges() == 0) {
      Thread.sleep(1);
    }
    inner.discharge(100);
    waiter.join();

    List<RecordedEvent> events = events("io.ullage.MemoryWait");
    assertThat(events)
        .extracting(event -> event.getBoolean("granted"))
        .containsExactly(false, true);
    assertThat(events).extracting(event -> event.getLong("requestedBytes")).containsExactly(1L, 2L);
    assertThat(events.getFirst().getString("component")).isEqualTo("outer.inner");
    assertThat(events.getFirst().getDuration()).isGreaterThanOrEqualTo(Duration.ofMillis(2));
    inner.discharge(2);
  }

  private List<RecordedEvent> events(String name) throws Exception {
    recording.stop();
    Path file = directory.resolve("events.jfr");
    recording.dump(file);
    return RecordingFile.readAllEvents(file).stream()
        .filter(event -> event.getEventType().getName().equals(name))
        // Those of two threads stand in the file as their buffers were written out.
        .sorted(Comparator.comparing(RecordedEvent::getStartTime))
        .toList();
  }
}
