package io.ullage.observe.internal;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.ullage.core.ComponentRegistry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * The meters of one registry in one of Micrometer's, kept in step with the components and status
 * sources that there are. Thread-safe.
 */
public final class RegistryMeters {
  private final ComponentRegistry registry;
  private final MeterRegistry meters;
  private final MeterReadings readings;
  private final Map<String, List<Meter>> byComponent = new HashMap<>();
  private final Map<SourceMeter, List<Meter>> bySource = new HashMap<>();

  /**
   * Prepares the meters.
   *
   * @param registry whose figures
   * @param meters where they are shown
   */
  public RegistryMeters(ComponentRegistry registry, MeterRegistry meters) {
    this.registry = registry;
    this.meters = meters;
    this.readings = new MeterReadings(registry);
  }

  /** Adds the meters of all that is there now, and one that notices what comes later. */
  public void bind() {
    Gauge.builder(
            "ullage.components",
            () -> {
              refresh();
              return registry.components().size();
            })
        .description("Components of the registry")
        .register(meters);
    refresh();
  }

  /** Adds the meters of components and sources that are new, removes those of what is gone. */
  public synchronized void refresh() {
    MeterReadings.Reading now = readings.now();
    Set<String> paths = now.memory().components().keySet();
    for (String path : paths) {
      byComponent.computeIfAbsent(path, this::addComponent);
    }
    Set<String> closed = new HashSet<>(byComponent.keySet());
    closed.removeAll(paths);
    closed.forEach(path -> forget(byComponent.remove(path)));
    Set<SourceMeter> numbers = now.numbers().keySet();
    for (SourceMeter number : numbers) {
      bySource.computeIfAbsent(number, this::addNumber);
    }
    Set<SourceMeter> gone = new HashSet<>(bySource.keySet());
    gone.removeAll(numbers);
    gone.forEach(number -> forget(bySource.remove(number)));
  }

  private void forget(@Nullable List<Meter> closed) {
    if (closed != null) {
      closed.forEach(meters::remove);
    }
  }

  private List<Meter> addComponent(String path) {
    List<Meter> added = new ArrayList<>();
    for (ComponentMeter meter : ComponentMeter.ALL) {
      added.add(
          add(
              "ullage.memory." + meter.name(),
              Tags.of("component", path),
              meter.unit(),
              meter.counts(),
              meter.description(),
              reading -> reading.of(path, meter)));
    }
    return added;
  }

  private List<Meter> addNumber(SourceMeter number) {
    Tags tags = Tags.of("name", number.source());
    return List.of(
        add(
            number.name(),
            number.key().isEmpty() ? tags : tags.and("key", number.key()),
            "",
            number.counts(),
            "The " + number.kind() + "'s " + number.field(),
            reading -> reading.of(number)));
  }

  private Meter add(
      String name,
      Tags tags,
      String unit,
      boolean counts,
      String description,
      ToDoubleFunction<MeterReadings.Reading> value) {
    @Nullable String unitOrNone = unit.isEmpty() ? null : unit;
    if (counts) {
      return FunctionCounter.builder(name, readings, all -> value.applyAsDouble(all.now()))
          .tags(tags)
          .baseUnit(unitOrNone)
          .description(description)
          .register(meters);
    }
    return Gauge.builder(name, () -> value.applyAsDouble(readings.now()))
        .tags(tags)
        .baseUnit(unitOrNone)
        .description(description)
        .register(meters);
  }
}
