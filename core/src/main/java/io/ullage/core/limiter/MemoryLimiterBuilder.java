package io.ullage.core.limiter;

import io.ullage.core.ComponentRegistry;
import io.ullage.core.bounds.EnforcedBounds;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Sets up a {@link MemoryLimiter}. Not thread-safe.
 *
 * <p>Without any option the limiter looks at what the registry's components have reserved, every
 * 250 ms, and delays by {@link DelayCurve#DEFAULT}.
 */
public final class MemoryLimiterBuilder {
  private static final Duration DEFAULT_PERIOD = Duration.ofMillis(250);

  /** The shortest delay of the default curve: looking more often would not end one earlier. */
  private static final Duration DEFAULT_WAKE_INTERVAL = Duration.ofMillis(1);

  private static final Duration SHORTEST = Duration.ofNanos(100_000);
  private static final Duration LONGEST = Duration.ofHours(1);

  final ComponentRegistry registry;
  final List<UsageSource> sources = new ArrayList<>();
  DelayCurve curve = DelayCurve.DEFAULT;
  @Nullable EnforcedBounds bounds;
  Duration period = DEFAULT_PERIOD;
  Duration wakeInterval = DEFAULT_WAKE_INTERVAL;
  Consumer<String> warnings =
      message -> System.getLogger("io.ullage.core").log(Level.WARNING, message);

  MemoryLimiterBuilder(ComponentRegistry registry) {
    this.registry = registry;
    sources.add(UsageSource.reserved(registry));
  }

  /**
   * Sets the function from usage to delay: threshold, shortest and longest delay.
   *
   * @param delayCurve the function
   * @return this builder
   */
  public MemoryLimiterBuilder curve(DelayCurve delayCurve) {
    this.curve = delayCurve;
    return this;
  }

  /**
   * Sets how often all sources are read, 250 ms by default.
   *
   * @param readingPeriod the period, between 100 µs and an hour
   * @return this builder
   */
  public MemoryLimiterBuilder period(Duration readingPeriod) {
    this.period = checked("period", readingPeriod);
    return this;
  }

  /**
   * Sets how often cheap sources are read while somebody waits, so that freed memory ends the wait;
   * 1 ms by default.
   *
   * @param interval the interval, between 100 µs and an hour
   * @return this builder
   */
  public MemoryLimiterBuilder wakeInterval(Duration interval) {
    this.wakeInterval = checked("wakeInterval", interval);
    return this;
  }

  /**
   * Adds a source; the fullest of all decides.
   *
   * @param source the source
   * @return this builder
   */
  public MemoryLimiterBuilder source(UsageSource source) {
    sources.add(source);
    return this;
  }

  /**
   * Replaces all sources, the default one included.
   *
   * @param only the sources, at least one
   * @return this builder
   */
  public MemoryLimiterBuilder sources(List<UsageSource> only) {
    if (only.isEmpty()) {
      throw new IllegalArgumentException(
          "sources is empty: a limiter needs at least one, noop() needs none");
    }
    sources.clear();
    sources.addAll(only);
    return this;
  }

  /**
   * Looks once a period for components above their declared bounds, see {@link
   * EnforcedBounds#findOverBounds}.
   *
   * @param enforced the bounds in force
   * @return this builder
   */
  public MemoryLimiterBuilder bounds(EnforcedBounds enforced) {
    this.bounds = enforced;
    return this;
  }

  /**
   * Sets who hears that a source cannot be read; by default the system logger {@code
   * io.ullage.core}, as a warning.
   *
   * @param listener receives one line, once for each source
   * @return this builder
   */
  public MemoryLimiterBuilder warnings(Consumer<String> listener) {
    this.warnings = listener;
    return this;
  }

  /**
   * Makes the limiter, which has read its sources once when this returns, and starts its thread.
   *
   * @return the limiter, to be closed
   */
  public MemoryLimiter start() {
    return MemoryLimiter.start(this);
  }

  private static Duration checked(String name, Duration value) {
    if (value.compareTo(SHORTEST) < 0 || value.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          name + " is " + value + ": it must be between " + SHORTEST + " and " + LONGEST);
    }
    return value;
  }
}
