package io.ullage.core.limiter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.ullage.core.Component;
import io.ullage.core.ComponentRegistry;
import io.ullage.core.StatusSource;
import io.ullage.core.limiter.internal.FakeSource;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemoryLimiterTest {
  /** So long that only a wake-up can end a wait within the test's time. */
  private static final Duration VERY_LONG = Duration.ofMinutes(30);

  private static final DelayCurve LONG_CURVE = new DelayCurve(0.95, Duration.ZERO, VERY_LONG);

  private final ComponentRegistry registry =
      ComponentRegistry.builder().limitBytes(1000).withoutCounterFile().build();

  @AfterEach
  void closeRegistry() {
    registry.close();
  }

  @Test
  void passesAtOnceWithoutPressure() throws InterruptedException {
    try (MemoryLimiter limiter = MemoryLimiter.builder(registry).period(VERY_LONG).start()) {
      limiter.awaitCapacity();
      assertThat(limiter.awaitCapacity(Duration.ZERO)).isTrue();
      assertThat(limiter.currentDelay()).isZero();
      assertThat(limiter.statistics().delays()).isZero();
    }
  }

  @Test
  void delaysByTheShareOfTheRootsLimitThatIsReserved() {
    Component queue = registry.component("queue");
    queue.charge(975);
    try (MemoryLimiter limiter = MemoryLimiter.builder(registry).period(VERY_LONG).start()) {
      assertThat(limiter.currentDelay()).isEqualTo(Duration.ofMillis(13));
    }
    queue.discharge(975);
  }

  @Test
  void waitsOutTheDelayAndCountsIt() throws InterruptedException {
    Component queue = registry.component("queue");
    queue.charge(1000);
    DelayCurve short1 = new DelayCurve(0.5, Duration.ofMillis(1), Duration.ofMillis(2));
    try (MemoryLimiter limiter = MemoryLimiter.builder(registry).curve(short1).start()) {
      assertThat(queue.token().call(() -> limiter.awaitCapacity(VERY_LONG))).isTrue();
      limiter.awaitCapacity();
      LimiterStatistics statistics = limiter.statistics();
      assertThat(statistics.delays()).isEqualTo(2);
      assertThat(statistics.delayed()).isGreaterThanOrEqualTo(Duration.ofMillis(4));
      assertThat(statistics.longestDelay()).isGreaterThanOrEqualTo(Duration.ofMillis(2));
      assertThat(statistics.sources().getFirst().reading()).contains(new UsageReading(1000, 1000));
      assertThat(queue.backpressureNanos()).isGreaterThanOrEqualTo(2_000_000);
      assertThat(registry.root().backpressureNanos()).isGreaterThanOrEqualTo(2_000_000);
    }
    queue.discharge(1000);
  }

  @Test
  void aTimeoutCutsTheDelayShort() throws InterruptedException {
    try (MemoryLimiter limiter = fullOf(new FakeSource("full", 1000, false))) {
      assertThat(limiter.awaitCapacity(Duration.ofMillis(1))).isFalse();
      assertThat(limiter.awaitCapacity(Duration.ofSeconds(-1))).isFalse();
    }
  }

  @Test
  void wakesEarlyWhenMemoryIsFreed() throws Exception {
    Component queue = registry.component("queue");
    queue.charge(1000);
    try (MemoryLimiter limiter =
        MemoryLimiter.builder(registry).curve(LONG_CURVE).period(VERY_LONG).start()) {
      CompletableFuture<Void> waiter = waitOn(limiter);
      queue.discharge(1000);
      waiter.get();
    }
  }

  @Test
  void letsWaitersGoOnClosing() throws Exception {
    MemoryLimiter limiter = fullOf(new FakeSource("full", 1000, true));
    CompletableFuture<Void> waiter = waitOn(limiter);
    limiter.close();
    waiter.get();
  }

  @Test
  void endsItsThreadAndRefusesUseOnceClosed() {
    MemoryLimiter limiter = MemoryLimiter.builder(registry).start();
    assertThat(limiterThreads()).isNotEmpty().allMatch(Thread::isDaemon);
    limiter.close();
    limiter.close();
    assertThat(limiterThreads()).isEmpty();
    assertThatIllegalStateException()
        .isThrownBy(limiter::awaitCapacity)
        .withMessageContaining("closed");
    assertThatIllegalStateException().isThrownBy(() -> limiter.awaitCapacity(Duration.ZERO));
    assertThatIllegalStateException().isThrownBy(limiter::currentDelay);
    assertThat(limiter.statistics().delays()).isZero();
    assertThat(registry.statusSources()).isEmpty();
  }

  @Test
  void itsThreadOutlivesInterruptsAndListenersThatThrow() throws Exception {
    FakeSource sound = new FakeSource("sound", 1000, true);
    FakeSource broken = new FakeSource("broken", 0, true);
    CountDownLatch heard = new CountDownLatch(1);
    try (MemoryLimiter limiter =
        MemoryLimiter.builder(registry)
            .sources(List.of(sound, broken))
            .curve(LONG_CURVE)
            .warnings(
                message -> {
                  heard.countDown();
                  throw new IllegalStateException("listener");
                })
            .start()) {
      CompletableFuture<Void> waiter = waitOn(limiter);
      limiterThreads().forEach(Thread::interrupt);
      broken.failure = new IOException("gone");
      heard.await();
      sound.usedBytes = 0;
      waiter.get();
    }
  }

  @Test
  void aZeroLimitIsFullPressureAndNothingDies() throws Exception {
    registry.root().setLimitBytes(0);
    try (MemoryLimiter limiter =
        MemoryLimiter.builder(registry).curve(LONG_CURVE).period(Duration.ofMillis(1)).start()) {
      assertThat(limiter.currentDelay()).isEqualTo(VERY_LONG);
      CompletableFuture<Void> waiter = waitOn(limiter);
      registry.root().setLimitBytes(10);
      waiter.get();
    }
  }

  @Test
  void anInterruptEndsTheWait() throws InterruptedException {
    try (MemoryLimiter limiter = fullOf(new FakeSource("full", 1000, true))) {
      Thread.currentThread().interrupt();
      assertThatExceptionOfType(InterruptedException.class).isThrownBy(limiter::awaitCapacity);
    }
  }

  @Test
  void noopNeverDelaysAndHasNoThread() throws InterruptedException {
    MemoryLimiter limiter = MemoryLimiter.noop();
    limiter.awaitCapacity();
    assertThat(limiter.awaitCapacity(Duration.ZERO)).isTrue();
    assertThat(limiter.currentDelay()).isZero();
    limiter.close();
    limiter.awaitCapacity();
    assertThat(limiterThreads()).isEmpty();
  }

  @Test
  void publishesItsStatus() {
    try (MemoryLimiter limiter = fullOf(new FakeSource("full", 1000, true))) {
      assertThat(limiter.currentDelay()).isEqualTo(VERY_LONG);
      assertThat(registry.statusSources())
          .extracting(StatusSource::kind)
          .containsExactly("limiter");
      assertThat(registry.statusSources().getFirst().status())
          .containsEntry("delay_nanos", VERY_LONG.toNanos())
          .containsKeys("delays_total", "delayed_nanos_total", "sources");
    }
  }

  @Test
  void recordsAnEventForEachDelay(@TempDir Path directory) throws Exception {
    Component queue = registry.component("queue");
    try (Recording recording = new Recording();
        MemoryLimiter limiter = fullOf(new FakeSource("full", 1000, true))) {
      recording.enable("io.ullage.Backpressure").withoutThreshold();
      recording.start();
      queue.token().call(() -> limiter.awaitCapacity(Duration.ofMillis(1)));
      recording.stop();
      Path file = directory.resolve("backpressure.jfr");
      recording.dump(file);
      List<RecordedEvent> events = RecordingFile.readAllEvents(file);
      assertThat(events).hasSize(1);
      assertThat(events.getFirst().getString("component")).isEqualTo("queue");
      assertThat(events.getFirst().getString("source")).isEqualTo("full");
      assertThat(events.getFirst().getDouble("ratio")).isEqualTo(1);
      assertThat(events.getFirst().getDuration("delayNanos")).isEqualTo(VERY_LONG);
      assertThat(events.getFirst().getDuration()).isGreaterThanOrEqualTo(Duration.ofMillis(1));
    }
  }

  @Test
  void refusesBadOptions() {
    MemoryLimiterBuilder builder = MemoryLimiter.builder(registry);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.period(Duration.ZERO))
        .withMessageContaining("period is PT0S");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.wakeInterval(Duration.ofDays(1)))
        .withMessageContaining("wakeInterval");
    assertThatIllegalArgumentException().isThrownBy(() -> builder.sources(List.of()));
  }

  private MemoryLimiter fullOf(UsageSource source) {
    return MemoryLimiter.builder(registry)
        .sources(List.of(source))
        .curve(LONG_CURVE)
        .period(VERY_LONG)
        .start();
  }

  /** Starts a thread that waits for capacity, and returns once it does wait. */
  private static CompletableFuture<Void> waitOn(MemoryLimiter limiter) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    Thread ignored =
        Thread.ofPlatform()
            .daemon()
            .start(
                () -> {
                  try {
                    limiter.awaitCapacity();
                    done.complete(null);
                  } catch (InterruptedException | RuntimeException e) {
                    done.completeExceptionally(e);
                  }
                });
    while (limiter.waiting() == 0 && !done.isDone()) {
      Thread.onSpinWait();
    }
    return done;
  }

  private static List<Thread> limiterThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("ullage-memory-limiter"))
        .toList();
  }
}
