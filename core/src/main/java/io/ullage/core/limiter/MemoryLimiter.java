package io.ullage.core.limiter;

import io.ullage.core.Component;
import io.ullage.core.ComponentRegistry;
import io.ullage.core.ComponentToken;
import io.ullage.core.Registration;
import io.ullage.core.bounds.EnforcedBounds;
import io.ullage.core.internal.FlightRecording;
import io.ullage.core.limiter.internal.BackpressureEvent;
import io.ullage.core.limiter.internal.DelayGate;
import io.ullage.core.limiter.internal.PressureGauge;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Slows cooperating producers down before memory runs out.
 *
 * <p>A thread of its own reads how much memory is used and publishes a delay (see {@link
 * DelayCurve}). Producers call {@link #awaitCapacity()} before they take on more work; without
 * pressure that costs one load of a field. A caller waits at most one delay for each call: the
 * limiter slows down, it does not stop; stopping is what limits are for. Memory that is freed in
 * the meantime ends the wait early. The time counts as backpressure of the component whose token
 * the caller carries, else of the root.
 *
 * <p>All methods may be called by any thread, virtual ones included. {@link #close} ends the
 * thread; callers that wait then go on, later calls throw {@link IllegalStateException}.
 */
public final class MemoryLimiter implements AutoCloseable {
  /**
   * While somebody waits the thread reads for at most a tenth of the time: the cost of the default
   * source grows with the number of components.
   */
  private static final long READING_SHARE = 10;

  private final DelayGate gate = new DelayGate();
  private final PressureGauge gauge;
  private final @Nullable Component root;
  private final @Nullable EnforcedBounds bounds;
  private final long periodNanos;
  private final long wakeIntervalNanos;
  private final LongAdder delays = new LongAdder();
  private final LongAdder delayedNanos = new LongAdder();
  private final LongAccumulator longestNanos = new LongAccumulator(Math::max, 0);
  private @Nullable Thread thread;
  private @Nullable Registration status;

  private MemoryLimiter(
      PressureGauge gauge,
      @Nullable Component root,
      @Nullable EnforcedBounds bounds,
      Duration period,
      Duration wakeInterval) {
    this.gauge = gauge;
    this.root = root;
    this.bounds = bounds;
    this.periodNanos = period.toNanos();
    this.wakeIntervalNanos = wakeInterval.toNanos();
  }

  /**
   * Begins a limiter for the components of a registry.
   *
   * @param registry the registry
   * @return the limiter's options
   */
  public static MemoryLimiterBuilder builder(ComponentRegistry registry) {
    return new MemoryLimiterBuilder(registry);
  }

  /** {@return a limiter that never delays anybody and has no thread} Closing it is not needed. */
  public static MemoryLimiter noop() {
    Consumer<String> nobody = message -> {};
    PressureGauge nothing = new PressureGauge(DelayCurve.DEFAULT, List.of(), nobody);
    return new MemoryLimiter(nothing, null, null, Duration.ofHours(1), Duration.ofHours(1));
  }

  static MemoryLimiter start(MemoryLimiterBuilder builder) {
    MemoryLimiter limiter =
        new MemoryLimiter(
            new PressureGauge(builder.curve, builder.sources, builder.warnings),
            builder.registry.root(),
            builder.bounds,
            builder.period,
            builder.wakeInterval);
    limiter.gate.publish(limiter.gauge.readAllNanos());
    limiter.status = builder.registry.register(new LimiterStatus(limiter));
    limiter.thread =
        Thread.ofPlatform().daemon().name("ullage-memory-limiter").start(limiter::publishDelays);
    return limiter;
  }

  /**
   * Waits out the delay of this moment, if there is one, or until enough memory was freed.
   *
   * @throws InterruptedException if the thread is interrupted while it waits
   * @throws IllegalStateException if the limiter is closed
   */
  public void awaitCapacity() throws InterruptedException {
    long delay = gate.delayNanosOpaque();
    if (delay != 0) {
      await(delay, Long.MAX_VALUE);
    }
  }

  /**
   * Waits like {@link #awaitCapacity()}, but not longer than a timeout.
   *
   * @param timeout the longest time to wait; zero or less does not wait
   * @return false if the timeout cut the delay short
   * @throws InterruptedException if the thread is interrupted while it waits
   * @throws IllegalStateException if the limiter is closed
   */
  public boolean awaitCapacity(Duration timeout) throws InterruptedException {
    long delay = gate.delayNanosOpaque();
    return delay == 0 || await(delay, saturatedNanos(timeout));
  }

  /**
   * {@return the delay of this moment, zero for none} For callers that must not block: schedule the
   * next piece of work so much later.
   *
   * @throws IllegalStateException if the limiter is closed
   */
  public Duration currentDelay() {
    long delay = gate.delayNanosOpaque();
    checkOpen(delay);
    return Duration.ofNanos(delay);
  }

  /** {@return what the limiter has done so far; also once it is closed} */
  public LimiterStatistics statistics() {
    return new LimiterStatistics(
        Duration.ofNanos(Math.max(0, gate.delayNanosOpaque())),
        delays.sum(),
        Duration.ofNanos(delayedNanos.sum()),
        Duration.ofNanos(longestNanos.get()),
        gauge.pressures());
  }

  /** How many callers wait now. */
  int waiting() {
    return gate.waiting();
  }

  /**
   * Ends the limiter's thread and lets everybody who waits go on. Closing twice is harmless. Waits
   * for the thread to end, unless interrupted.
   */
  @Override
  public void close() {
    Thread publisher = thread;
    if (publisher == null) {
      return;
    }
    gate.close();
    if (status != null) {
      status.close();
    }
    if (!publisher.equals(Thread.currentThread())) {
      try {
        publisher.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /**
   * Ends with {@link #close} only: neither an interrupt nor a failing source stops the pressure.
   */
  private void publishDelays() {
    long lastFullNanos = System.nanoTime();
    long intervalNanos = wakeIntervalNanos;
    while (gate.awaitDue(periodNanos, intervalNanos)) {
      long startNanos = System.nanoTime();
      boolean full = startNanos - lastFullNanos >= periodNanos;
      try {
        gate.publish(full ? gauge.readAllNanos() : gauge.readCheapNanos());
        if (full && bounds != null) {
          bounds.findOverBounds();
        }
      } catch (RuntimeException e) {
        // Thrown by the user's own listener, which was handed what there is to say. The last delay
        // stays in force until the next period.
      }
      if (full) {
        lastFullNanos = startNanos;
      } else {
        long readingNanos = System.nanoTime() - startNanos;
        intervalNanos = Math.max(wakeIntervalNanos, READING_SHARE * readingNanos);
      }
    }
  }

  private boolean await(long delay, long timeoutNanos) throws InterruptedException {
    checkOpen(delay);
    BackpressureEvent event = FlightRecording.isPossible() ? BackpressureEvent.begun() : null;
    long start = System.nanoTime();
    try {
      return gate.await(timeoutNanos) <= 0;
    } finally {
      long waited = System.nanoTime() - start;
      delays.increment();
      delayedNanos.add(waited);
      longestNanos.accumulate(waited);
      Component component = currentComponent();
      if (component != null) {
        component.addBackpressure(waited);
      }
      if (event != null) {
        record(event, component, delay);
      }
    }
  }

  private @Nullable Component currentComponent() {
    return ComponentToken.current().map(ComponentToken::component).orElse(root);
  }

  private void record(BackpressureEvent event, @Nullable Component component, long delay) {
    event.end();
    if (!event.shouldCommit()) {
      return;
    }
    String source = "";
    double ratio = 0;
    for (SourcePressure pressure : gauge.pressures()) {
      double own = pressure.reading().map(UsageReading::ratio).orElse(0.0);
      if (own >= ratio) {
        ratio = own;
        source = pressure.source();
      }
    }
    event.describe(component == null ? "" : component.path(), delay, source, ratio);
    event.commit();
  }

  private static void checkOpen(long delay) {
    if (delay < 0) {
      throw new IllegalStateException("the memory limiter is closed");
    }
  }

  private static long saturatedNanos(Duration timeout) {
    try {
      return timeout.toNanos();
    } catch (ArithmeticException e) {
      return timeout.isNegative() ? 0 : Long.MAX_VALUE;
    }
  }
}
