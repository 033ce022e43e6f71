package io.ullage.observe.internal;

import io.ullage.core.ComponentFigures;
import io.ullage.core.ComponentRegistry;
import io.ullage.core.MemorySnapshot;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What all meters of a registry read: taken at most ten times a second, so that reading hundreds of
 * meters costs one snapshot. Thread-safe.
 */
final class MeterReadings {
  /** Far longer than a reading of all meters takes, far shorter than between two of them. */
  private static final long MOST_AGE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final ComponentRegistry registry;
  private @Nullable Reading latest;

  /**
   * What was read at one time.
   *
   * @param nanos when
   * @param memory the components
   * @param numbers the numbers of the status sources
   */
  record Reading(long nanos, MemorySnapshot memory, Map<SourceMeter, Double> numbers) {
    double of(String path, ComponentMeter meter) {
      return memory
          .figures(path)
          .map((ComponentFigures figures) -> meter.value().applyAsDouble(figures))
          .orElse(Double.NaN);
    }

    double of(SourceMeter meter) {
      return numbers.getOrDefault(meter, Double.NaN);
    }
  }

  MeterReadings(ComponentRegistry registry) {
    this.registry = registry;
  }

  synchronized Reading now() {
    Reading known = latest;
    long now = System.nanoTime();
    if (known == null || now - known.nanos() > MOST_AGE_NANOS) {
      Map<SourceMeter, Double> numbers = new LinkedHashMap<>();
      for (StatusSources.Answer answer : StatusSources.of(registry).answers()) {
        numbers.putAll(SourceMeter.numbersOf(answer));
      }
      known = new Reading(now, registry.snapshot(), numbers);
      latest = known;
    }
    return known;
  }
}
