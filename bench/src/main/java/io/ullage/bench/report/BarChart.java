package io.ullage.bench.report;

import io.ullage.bench.result.Measurement;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * One bar for each implementation, the shortest time on top, with a mark for the median of each
 * fork. Times that differ by much are drawn on a logarithmic scale.
 */
final class BarChart {
  private static final int WIDTH = 720;
  private static final int LEFT = 150;
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
    double smallest =
        measurements.stream()
            .flatMap(m -> m.forkMedians().stream())
            .min(Double::compare)
            .orElse(1.0);
    most =
        measurements.stream()
            .flatMap(m -> m.forkMedians().stream())
            .max(Double::compare)
            .orElse(1.0);
    logarithmic = smallest > 0 && most / smallest > LOGARITHMIC_FROM;
    least = logarithmic ? smallest / 2 : 0;
  }

  /**
   * The chart as an SVG element; the colour of an implementation is its place in the list of all.
   */
  String svg(List<String> impls) {
    int height = measurements.size() * ROW + 24;
    StringBuilder svg = new StringBuilder();
    svg.append("<svg viewBox=\"0 0 %d %d\" role=\"img\">".formatted(WIDTH, height));
    double y = 4;
    for (Measurement measurement : measurements) {
      double end = x(measurement.median());
      svg.append(
          Markup.text(
              LEFT - 8, y + 15, "end", measurement.impl().isEmpty() ? "time" : measurement.impl()));
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
              Math.max(end, x(java.util.Collections.max(measurement.forkMedians()))) + 6,
              y + 15,
              "start",
              Markup.number(measurement.median()) + " " + measurement.unit()));
      y += ROW;
    }
    String scale = logarithmic ? "logarithmic scale; " : "";
    svg.append(Markup.text(LEFT, y + 12, "start", scale + "marks: medians of the forks"));
    return svg.append("</svg>").toString();
  }

  private double x(double value) {
    double share = logarithmic ? Math.log(value / least) / Math.log(most / least) : value / most;
    return LEFT + share * (WIDTH - LEFT - RIGHT);
  }
}
