package io.ullage.bench.report;

import io.ullage.bench.result.Comparison;
import io.ullage.bench.result.GrowthOrder;
import io.ullage.bench.result.Measurement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.DoubleFunction;

/**
 * What was measured of one benchmark, and the plots of it: over each parameter that is a number and
 * varies, then for each combination of parameters by implementation, with percentiles where the
 * benchmark samples single operations.
 *
 * @param benchmark its full name
 * @param measurements all of it, at least one
 */
record Section(String benchmark, List<Measurement> measurements) {
  private static final String THREADS = "threads";
  private static final int LEAST_POINTS_OF_ORDER = 4;

  /** Groups measurements by benchmark, in the order in which they come. */
  static List<Section> of(List<Measurement> measurements) {
    Map<String, List<Measurement>> byBenchmark = new LinkedHashMap<>();
    measurements.forEach(
        m -> byBenchmark.computeIfAbsent(m.benchmark(), b -> new ArrayList<>()).add(m));
    return byBenchmark.entrySet().stream()
        .map(entry -> new Section(entry.getKey(), List.copyOf(entry.getValue())))
        .toList();
  }

  /** The benchmark's class and method. */
  String title() {
    return measurements.getFirst().scenario().shortName();
  }

  /** The unit of its figures. */
  String unit() {
    return measurements.getFirst().unit();
  }

  /** Ours, then the others, in the order in which they come. */
  static List<String> impls(List<Measurement> measurements) {
    List<String> impls = new ArrayList<>();
    for (Measurement measurement : measurements) {
      String impl = measurement.impl();
      if (!impls.contains(impl)) {
        impls.add(impl.equals(Comparison.OURS) ? 0 : impls.size(), impl);
      }
    }
    return impls;
  }

  /** The place of an implementation in this list is its colour; the first is ours. */
  private List<String> colours() {
    List<String> colours = impls(measurements);
    if (!colours.contains(Comparison.OURS)) {
      colours.addFirst(Comparison.OURS);
    }
    return colours;
  }

  /** The plots. */
  List<Figure> figures() {
    List<String> impls = colours();
    List<Figure> figures = new ArrayList<>();
    for (String parameter : sweeps().keySet()) {
      figures.addAll(lines(parameter, impls));
    }
    boolean swept = !figures.isEmpty();
    if (!swept && isSampledAlone()) {
      return List.of(sampledAlone());
    }
    for (Comparison comparison : Comparison.of(measurements)) {
      List<Measurement> measured = new ArrayList<>(comparison.peers());
      comparison.ours().ifPresent(measured::addFirst);
      if (measured.size() == 1 && swept) {
        continue; // A point of a line above, and nothing to compare it with.
      }
      if (measured.getFirst().isSampled()) {
        Map<String, SortedMap<Double, Double>> series = new LinkedHashMap<>();
        measured.forEach(m -> series.put(m.impl(), m.percentiles()));
        figures.add(percentiles(comparison.scenario().title(), series, impls));
      } else {
        figures.add(new BarChart(measured).figure(impls));
      }
    }
    return figures;
  }

  /** The parameter that has most values and is a number; empty if none is. */
  String widestSweep() {
    Map<String, Integer> sweeps = sweeps();
    sweeps.remove(THREADS);
    return sweeps.entrySet().stream()
        .max(Map.Entry.comparingByValue())
        .map(Map.Entry::getKey)
        .orElse("");
  }

  /** How values of a parameter are written. */
  static DoubleFunction<String> label(String parameter) {
    return parameter.equals("size") ? Markup::bytes : Markup::tick;
  }

  /** The parameters whose values are numbers and differ, with the count of these values. */
  private Map<String, Integer> sweeps() {
    Map<String, Integer> sweeps = new LinkedHashMap<>();
    for (String parameter : measurements.getFirst().parameters().keySet()) {
      List<String> values =
          measurements.stream()
              .map(m -> m.parameters().getOrDefault(parameter, ""))
              .distinct()
              .toList();
      if (values.size() > 1 && values.stream().allMatch(value -> value.matches("[0-9]{1,18}"))) {
        sweeps.put(parameter, values.size());
      }
    }
    int threads = (int) measurements.stream().map(Measurement::threads).distinct().count();
    if (threads > 1) {
      sweeps.put(THREADS, threads);
    }
    return sweeps;
  }

  /** One chart for each combination of the other parameters. */
  private List<Figure> lines(String parameter, List<String> impls) {
    Map<SortedMap<String, String>, Map<String, SortedMap<Double, Double>>> charts =
        new LinkedHashMap<>();
    for (Measurement m : measurements) {
      SortedMap<String, String> others = new TreeMap<>(m.parameters());
      others.put(THREADS, Integer.toString(m.threads()));
      double x = Double.parseDouble(Objects.requireNonNull(others.remove(parameter)));
      charts
          .computeIfAbsent(others, o -> new LinkedHashMap<>())
          .computeIfAbsent(m.impl(), i -> new TreeMap<>())
          .put(x, m.median());
    }
    DoubleFunction<String> label = label(parameter);
    List<Figure> figures = new ArrayList<>();
    charts.forEach(
        (others, series) -> {
          if (series.values().stream().anyMatch(points -> points.size() > 1)) {
            String title = title() + " by " + parameter + words(others) + order(series);
            String unit = measurements.getFirst().unit();
            figures.add(new LineChart(title, parameter, unit, series, label, false).figure(impls));
          }
        });
    return figures;
  }

  /** In which order the cost grows, where only one line is drawn and is long enough to tell. */
  private static String order(Map<String, SortedMap<Double, Double>> series) {
    SortedMap<Double, Double> points = series.values().iterator().next();
    return series.size() == 1
            && points.size() >= LEAST_POINTS_OF_ORDER
            && points.keySet().stream().allMatch(x -> x > 0)
            && points.values().stream().allMatch(y -> y > 0)
        ? ": " + GrowthOrder.of(points)
        : "";
  }

  private static String words(SortedMap<String, String> parameters) {
    StringBuilder words = new StringBuilder();
    parameters.forEach(
        (name, value) -> {
          if (!name.equals(THREADS) || !value.equals("1")) {
            words.append(words.isEmpty() ? ", " : " ").append(name).append('=').append(value);
          }
        });
    return words.toString();
  }

  /** Whether single operations of one implementation were sampled, under several circumstances. */
  private boolean isSampledAlone() {
    return measurements.size() > 1
        && measurements.stream().allMatch(Measurement::isSampled)
        && measurements.stream().map(Measurement::impl).distinct().count() == 1;
  }

  /** All circumstances in one chart. */
  private Figure sampledAlone() {
    Map<String, SortedMap<Double, Double>> series = new LinkedHashMap<>();
    for (Measurement measurement : measurements) {
      series.put(String.join(", ", measurement.parameters().values()), measurement.percentiles());
    }
    return percentiles(title(), series, List.copyOf(series.keySet()));
  }

  /**
   * Percentiles as lines.
   *
   * @param names the names of all lines; a name's place is its colour
   */
  private Figure percentiles(
      String title, Map<String, SortedMap<Double, Double>> series, List<String> names) {
    return new LineChart(
            title + ": latency", "percentile", unit(), series, Section::percentile, true)
        .figure(names);
  }

  private static String percentile(double value) {
    return value == 0
        ? "least"
        : value == 100 ? "most" : "p" + Double.toString(value).replaceFirst("\\.0$", "");
  }
}
