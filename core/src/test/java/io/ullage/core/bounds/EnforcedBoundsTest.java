package io.ullage.core.bounds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.ullage.core.Component;
import io.ullage.core.ComponentRegistry;
import io.ullage.core.DeclaredBounds;
import io.ullage.core.MemoryLimitException;
import io.ullage.core.limiter.MemoryLimiter;
import io.ullage.core.limiter.UsageReading;
import io.ullage.core.limiter.UsageSource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnforcedBoundsTest {
  /** Components a (minimum 10, firm total 40) and b.c (minimum 5, firm total 15). */
  private static final ComponentBounds BOUNDS =
      ComponentBounds.of(
          builder -> {
            builder.subcomponent("a").minimum().fixed("m", 10);
            builder.subcomponent("a").firm().fixed("f", 30);
            builder.subcomponent("b.c").minimum().fixed("m", 5);
            builder.subcomponent("b.c").firm().fixed("f", 10);
          });

  private final ComponentRegistry registry =
      ComponentRegistry.builder().withoutCounterFile().build();

  @AfterEach
  void closeRegistry() {
    registry.close();
  }

  @Test
  void strictMakesFirmTotalsLimits() {
    try (EnforcedBounds enforced = enforce(VerificationMode.STRICT, 100)) {
      assertThat(registry.root().limitBytes()).isEqualTo(90);
      Component a = registry.component("a");
      assertThat(a.limitBytes()).isEqualTo(40);
      assertThat(registry.component("b").limitBytes()).isEqualTo(15);
      assertThat(registry.component("b.c").limitBytes()).isEqualTo(15);
      assertThat(a.declaredBounds()).contains(new DeclaredBounds(10, 40, 10, 40));
      a.charge(40);
      assertThatExceptionOfType(MemoryLimitException.class).isThrownBy(() -> a.charge(1));
      assertThat(enforced.findOverBounds()).isEmpty();
      a.discharge(40);
    }
  }

  @Test
  void warnLimitsOnlyTheRootAndFlagsWhoIsOver() {
    try (EnforcedBounds enforced = enforce(VerificationMode.WARN, 100)) {
      assertThat(registry.root().limitBytes()).isEqualTo(90);
      Component a = registry.component("a");
      assertThat(a.limitBytes()).isEqualTo(Long.MAX_VALUE);
      a.charge(40);
      assertThat(enforced.findOverBounds()).isEmpty();
      a.charge(1);
      assertThat(enforced.findOverBounds()).containsExactly("a");
      assertThat(registry.snapshot().figures("a").orElseThrow().overBounds()).isTrue();
      assertThat(registry.snapshot().figures("b").orElseThrow().overBounds()).isFalse();
      assertThat(registry.statusSources().getFirst().status())
          .containsEntry("over_bounds", List.of("a"));
      a.discharge(41);
      assertThat(enforced.findOverBounds()).isEmpty();
    }
  }

  @Test
  void offFlagsTooAndKeepsLimitsThatWereThere() {
    Component component = registry.component("b.c");
    component.setLimitBytes(1000);
    try (EnforcedBounds enforced = enforce(VerificationMode.OFF, 1000)) {
      assertThat(component.limitBytes()).isEqualTo(1000);
      component.charge(16);
      assertThat(enforced.findOverBounds()).containsExactly("b", "b.c");
      component.discharge(16);
    }
  }

  @Test
  void aLimitBelowWhatIsReservedTakesNothingAway() {
    Component a = registry.component("a");
    a.charge(50);
    try (EnforcedBounds enforced = enforce(VerificationMode.STRICT, 100)) {
      assertThat(a.totalReservedBytes()).isEqualTo(50);
      assertThat(a.tryCharge(1)).isFalse();
      assertThat(enforced.findOverBounds()).containsExactly("a");
      a.discharge(11);
      assertThat(a.tryCharge(1)).isTrue();
      a.discharge(40);
    }
  }

  @Test
  void publishesGrantViolationsAndTheTree() {
    try (EnforcedBounds enforced = enforce(VerificationMode.WARN, 10)) {
      Map<String, Object> status = registry.statusSources().getFirst().status();
      assertThat(registry.statusSources().getFirst().kind()).isEqualTo("bounds");
      assertThat(status)
          .containsEntry("mode", "warn")
          .containsEntry("limit_bytes", 10L)
          .containsEntry("effective_limit_bytes", 9L)
          .containsEntry("root", enforced.verified().bounds().toTree().get("root"));
      assertThat(status.toString())
          .contains("component=a, kind=minimum_over_limit, needed_bytes=10, available_bytes=6");
    }
    assertThat(registry.statusSources()).isEmpty();
  }

  @Test
  void recordsOneEventForEachTimeAComponentGoesOver(@TempDir Path directory) throws Exception {
    try (Recording recording = new Recording();
        EnforcedBounds enforced = enforce(VerificationMode.WARN, 1000)) {
      recording.enable("io.ullage.OverBounds").withoutThreshold();
      recording.start();
      Component a = registry.component("a");
      for (int i = 0; i < 2; i++) {
        a.charge(41);
        enforced.findOverBounds();
        enforced.findOverBounds();
        a.discharge(41);
        enforced.findOverBounds();
      }
      recording.stop();
      Path file = directory.resolve("over.jfr");
      recording.dump(file);
      List<RecordedEvent> events = RecordingFile.readAllEvents(file);
      assertThat(events).hasSize(2);
      assertThat(events.getFirst().getString("component")).isEqualTo("a");
      assertThat(events.getFirst().getLong("firmTotalBytes")).isEqualTo(40);
      assertThat(events.getFirst().getLong("reservedBytes")).isEqualTo(41);
    }
  }

  @Test
  void theLimiterLooksOnceAPeriod(@TempDir Path directory) throws Exception {
    try (Recording recording = new Recording();
        EnforcedBounds enforced = enforce(VerificationMode.WARN, 1000)) {
      recording.enable("io.ullage.OverBounds").withoutThreshold();
      recording.start();
      Component a = registry.component("a");
      a.charge(41);
      CountingSource readings = new CountingSource();
      try (MemoryLimiter limiter =
          MemoryLimiter.builder(registry)
              .bounds(enforced)
              .period(Duration.ofMillis(1))
              .source(readings)
              .start()) {
        readings.third.await();
        limiter.awaitCapacity();
      }
      recording.stop();
      Path file = directory.resolve("over.jfr");
      recording.dump(file);
      assertThat(RecordingFile.readAllEvents(file)).hasSize(1);
      a.discharge(41);
    }
  }

  @Test
  void refusesAClosedRegistry() {
    registry.close();
    assertThatIllegalStateException().isThrownBy(() -> enforce(VerificationMode.STRICT, 100));
  }

  private EnforcedBounds enforce(VerificationMode mode, long limitBytes) {
    return new BoundsVerifier(BOUNDS, MemoryGrant.of(limitBytes, 0.1))
        .verify(mode)
        .enforce(registry);
  }

  /** The first reading is at the start; before the third, the second period's check is over. */
  private static final class CountingSource implements UsageSource {
    private final CountDownLatch third = new CountDownLatch(3);

    @Override
    public String name() {
      return "counting";
    }

    @Override
    public UsageReading read() {
      third.countDown();
      return new UsageReading(0, 1);
    }
  }
}
