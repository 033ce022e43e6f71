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

  /** Ours, then the others; the place of an implementation in this list is its colour. */
  private List<String> impls() {
    List<String> impls = new ArrayList<>(List.of(Comparison.OURS));
    for (Measurement measurement : measurements) {
      if (!impls.contains(measurement.impl())) {
        impls.add(measurement.impl());
      }
    }
    return impls;
  }

  /** The plots. */
  List<Figure> figures() {
    List<String> impls = impls();
    List<Figure> figures = new ArrayList<>();
    for (String parameter : sweeps()) {
      figures.addAll(lines(parameter, impls));
    }
    for (Comparison comparison : Comparison.of(measurements)) {
      List<Measurement> measured = new ArrayList<>(comparison.peers());
      comparison.ours().ifPresent(measured::addFirst);
      if (measured.size() == 1 && !figures.isEmpty()) {
        continue; // A point of a line above, and nothing to compare it with.
      }
      if (measured.getFirst().isSampled()) {
        figures.add(percentiles(comparison.scenario().title(), measured, impls));
      } else {
        figures.add(new BarChart(measured).figure(impls));
      }
    }
    return figures;
  }

  /** The parameters whose values are numbers and differ. */
  private List<String> sweeps() {
    List<String> sweeps = new ArrayList<>();
    for (String parameter : measurements.getFirst().parameters().keySet()) {
      List<String> values =
          measurements.stream()
              .map(m -> m.parameters().getOrDefault(parameter, ""))
              .distinct()
              .toList();
      if (values.size() > 1 && values.stream().allMatch(value -> value.matches("[0-9]{1,18}"))) {
        sweeps.add(parameter);
      }
    }
    if (measurements.stream().map(Measurement::threads).distinct().count() > 1) {
      sweeps.add(THREADS);
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
    DoubleFunction<String> label = parameter.equals("size") ? Markup::bytes : Markup::tick;
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

  private static Figure percentiles(String title, List<Measurement> measured, List<String> impls) {
    Map<String, SortedMap<Double, Double>> series = new LinkedHashMap<>();
    measured.forEach(m -> series.put(m.impl(), m.percentiles()));
    return new LineChart(
            title + ": latency",
            "percentile",
            measured.getFirst().unit(),
            series,
            Section::percentile,
            true)
        .figure(impls);
  }

  private static String percentile(double value) {
    return value == 0
        ? "least"
        : value == 100 ? "most" : "p" + Double.toString(value).replaceFirst("\\.0$", "");
  }
}
