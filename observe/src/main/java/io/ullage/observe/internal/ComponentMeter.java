package io.ullage.observe.internal;

import io.ullage.core.ComponentFigures;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * One meter that each component has.
 *
 * @param name its name, below {@code ullage.memory}
 * @param unit its base unit, empty for a count
 * @param counts whether it only grows
 * @param description what it says
 * @param value how it is read
 */
record ComponentMeter(
    String name,
    String unit,
    boolean counts,
    String description,
    ToDoubleFunction<ComponentFigures> value) {
  private static final String BYTES = "bytes";
  private static final double NANOS_PER_SECOND = 1e9;

  static final List<ComponentMeter> ALL =
      List.of(
          gauge("used", "Bytes in use", figures -> figures.own().usedBytes()),
          gauge(
              "reserved",
              "Bytes that count against the limits",
              figures -> figures.own().reservedBytes()),
          gauge(
              "external",
              "The part of them that somebody else allocated",
              figures -> figures.own().externalBytes()),
          gauge(
              "subtree.reserved",
              "Reserved by the component and all below it",
              figures -> figures.total().reservedBytes()),
          gauge(
              "limit",
              "The limit of the component with all below it; NaN where there is none",
              figures ->
                  figures.limitBytes() == Long.MAX_VALUE ? Double.NaN : figures.limitBytes()),
          gauge(
              "peak.reserved",
              "The most that the component and all below it ever had reserved",
              ComponentFigures::peakReservedBytes),
          counter(
              "allocated", BYTES, "Bytes ever charged", figures -> figures.own().allocatedBytes()),
          counter("freed", BYTES, "Bytes ever discharged", figures -> figures.own().freedBytes()),
          counter("allocations", "", "Charges", figures -> figures.own().allocations()),
          counter("frees", "", "Discharges", figures -> figures.own().frees()),
          counter("refusals", "", "Charges refused", figures -> figures.own().refusals()),
          counter(
              "backpressure",
              "seconds",
              "Time spent waiting for room",
              figures -> figures.own().backpressureNanos() / NANOS_PER_SECOND));

  private static ComponentMeter gauge(
      String name, String description, ToDoubleFunction<ComponentFigures> value) {
    return new ComponentMeter(name, BYTES, false, description, value);
  }

  private static ComponentMeter counter(
      String name, String unit, String description, ToDoubleFunction<ComponentFigures> value) {
    return new ComponentMeter(name, unit, true, description, value);
  }
}
