package io.ullage.bench.report;

import io.ullage.bench.result.Comparison;
import io.ullage.bench.result.Measurement;
import io.ullage.bench.result.Ratio;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * One bar for each implementation, the best on top, with a mark for the median of each fork.
 * Figures that differ by much are drawn on a logarithmic scale.
 */
final class BarChart {
  private static final int WIDTH = 720;
  private static final int LEFT = 190;
  private static final int RIGHT = 110;
  private static final int ROW = 26;
  private static final double LOGARITHMIC_FROM = 30;

  private final List<Measurement> measurements;
  private final double least;
  private final double most;
  private final boolean logarithmic;

  /** A chart of measurements of one scenario. */
  BarChart(List<Measurement> measurements) {
    Comparator<Measurement> byFigure = Comparator.comparingDouble(Measurement::median);
    this.measurements =
        measurements.stream()
            .sorted(measurements.getFirst().isHigherBetter() ? byFigure.reversed() : byFigure)
            .toList();
    List<Double> medians =
        measurements.stream().flatMap(m -> m.forkMedians().stream()).sorted().toList();
    double smallest = medians.getFirst();
    most = Math.max(medians.getLast(), Double.MIN_NORMAL);
    logarithmic = smallest > 0 && most / smallest > LOGARITHMIC_FROM;
    least = logarithmic ? smallest / 2 : 0;
  }

  /** The chart; the colour of an implementation is its place in the list. */
  Figure figure(List<String> impls) {
    String title = measurements.getFirst().scenario().title();
    int height = measurements.size() * ROW + 24;
    StringBuilder svg = new StringBuilder(Markup.plot(WIDTH, height, title));
    double y = 4;
    for (Measurement measurement : measurements) {
      double end = x(measurement.median());
      svg.append(Markup.text(LEFT - 8, y + 14, "end", "", measurement.impl()));
      svg.append(
          String.format(
              Locale.ROOT,
              "<rect x=\"%d\" y=\"%.1f\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>",
              LEFT,
              y,
              Math.max(1, end - LEFT),
              ROW - 8,
              Markup.colour(impls.indexOf(measurement.impl()))));
      for (double fork : measurement.forkMedians()) {
        svg.append(Markup.line(x(fork), y - 2, x(fork), y + ROW - 6, "fork"));
      }
      svg.append(
          Markup.text(
              Math.max(end, x(Collections.max(measurement.forkMedians()))) + 6,
              y + 14,
              "start",
              "",
              Markup.number(measurement.median()) + " " + measurement.unit()));
      y += ROW;
    }
    String scale = logarithmic ? "logarithmic scale; " : "";
    svg.append(Markup.text(LEFT, y + 12, "start", "axis", scale + "marks: medians of the forks"));
    return new Figure(title, svg.append("</svg>").toString(), rows());
  }

  private List<List<String>> rows() {
    Optional<Measurement> ours =
        measurements.stream().filter(m -> m.impl().equals(Comparison.OURS)).findFirst();
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("implementation", "median", "best fork", "worst fork", "unit", "ullage is"));
    for (Measurement measurement : measurements) {
      List<Double> medians = measurement.forkMedians();
      double greatest = Collections.max(medians);
      double smallest = Collections.min(medians);
      rows.add(
          List.of(
              measurement.impl(),
              Markup.number(measurement.median()),
              Markup.number(measurement.isHigherBetter() ? greatest : smallest),
              Markup.number(measurement.isHigherBetter() ? smallest : greatest),
              measurement.unit(),
              ours.filter(own -> !own.impl().equals(measurement.impl()))
                  .map(own -> ratio(Ratio.of(own, measurement)))
                  .orElse("")));
    }
    return rows;
  }

  private static String ratio(Ratio ratio) {
    return String.format(
        Locale.ROOT,
        "%.2f× as fast [%.2f, %.2f]%s",
        ratio.value(),
        ratio.low(),
        ratio.high(),
        ratio.isNoisy() ? ", too noisy to tell" : "");
  }

  private double x(double value) {
    double share =
        logarithmic ? Math.log(value / least) / Math.log(most / least) : Math.max(0, value) / most;
    return LEFT + share * (WIDTH - LEFT - RIGHT);
  }
}
