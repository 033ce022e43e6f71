package io.ullage.bench.report;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Figures over a number such as a size, one line for each implementation, both axes logarithmic.
 */
final class LineChart {
  private static final int WIDTH = 720;
  private static final int HEIGHT = 300;
  private static final int LEFT = 64;
  private static final int RIGHT = 140;
  private static final int TOP = 12;
  private static final int BOTTOM = 40;

  private final String xName;
  private final String unit;
  private final Map<String, SortedMap<Double, Double>> series;
  private final SortedSet<Double> xs = new TreeSet<>();
  private final SortedSet<Double> ys = new TreeSet<>();

  /**
   * A chart of series from x to y; values that are not positive have no place on it and are left
   * out.
   */
  LineChart(String xName, String unit, Map<String, SortedMap<Double, Double>> series) {
    this.xName = xName;
    this.unit = unit;
    this.series = series;
    series.values().forEach(points -> points.forEach(this::include));
  }

  private void include(double x, double y) {
    if (x > 0 && y > 0) {
      xs.add(x);
      ys.add(y);
    }
  }

  /**
   * The chart as an SVG element; the colour of an implementation is its place in the list of all.
   */
  String svg(List<String> impls) {
    StringBuilder svg =
        new StringBuilder("<svg viewBox=\"0 0 %d %d\" role=\"img\">".formatted(WIDTH, HEIGHT));
    if (xs.isEmpty()) {
      return svg.append("</svg>").toString();
    }
    for (double x : xs) {
      svg.append(Markup.line(x(x), TOP, x(x), HEIGHT - BOTTOM, "grid"));
      svg.append(Markup.text(x(x), HEIGHT - BOTTOM + 16, "middle", Markup.number(x)));
    }
    for (double y = Math.pow(10, Math.floor(Math.log10(ys.first())));
        y <= ys.last() * 1.001;
        y *= 10) {
      if (y >= ys.first() * 0.999) {
        svg.append(Markup.line(LEFT, y(y), WIDTH - RIGHT, y(y), "grid"));
        svg.append(Markup.text(LEFT - 6, y(y) + 4, "end", Markup.number(y)));
      }
    }
    svg.append(Markup.text((LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 6, "middle", xName));
    svg.append(Markup.text(4, TOP + 4, "start", unit));
    double labelFrom = TOP;
    for (Map.Entry<String, SortedMap<Double, Double>> line : sortedByLastFigure()) {
      labelFrom =
          draw(
              svg,
              line.getKey(),
              line.getValue(),
              Markup.colour(impls.indexOf(line.getKey())),
              labelFrom);
    }
    return svg.append("</svg>").toString();
  }

  /** From top to bottom, so that labels which would overlap can be moved down. */
  private List<Map.Entry<String, SortedMap<Double, Double>>> sortedByLastFigure() {
    return series.entrySet().stream()
        .filter(
            line ->
                line.getValue().entrySet().stream()
                    .anyMatch(p -> p.getKey() > 0 && p.getValue() > 0))
        .sorted(
            (a, b) ->
                Double.compare(
                    b.getValue().lastEntry().getValue(), a.getValue().lastEntry().getValue()))
        .toList();
  }

  private double draw(
      StringBuilder svg,
      String name,
      SortedMap<Double, Double> points,
      String colour,
      double labelFrom) {
    StringBuilder path = new StringBuilder();
    double lastY = TOP;
    for (Map.Entry<Double, Double> point : points.entrySet()) {
      if (point.getKey() > 0 && point.getValue() > 0) {
        lastY = y(point.getValue());
        path.append(
            String.format(
                Locale.ROOT, "%s%.1f %.1f", path.isEmpty() ? "M" : "L", x(point.getKey()), lastY));
        svg.append(
            String.format(
                Locale.ROOT,
                "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"%s\"><title>%s %s: %s"
                    + " %s</title></circle>",
                x(point.getKey()),
                lastY,
                colour,
                Markup.escape(name),
                Markup.number(point.getKey()),
                Markup.number(point.getValue()),
                Markup.escape(unit)));
      }
    }
    svg.append("<path d=\"%s\" stroke=\"%s\" class=\"series\"/>".formatted(path, colour));
    double labelY = Math.max(lastY + 4, labelFrom);
    svg.append(
        "<g fill=\"%s\" class=\"label\">%s</g>"
            .formatted(
                colour,
                Markup.text(WIDTH - RIGHT + 8, labelY, "start", name.isEmpty() ? "time" : name)));
    return labelY + 14;
  }

  private double x(double value) {
    return LEFT + share(value, xs.first(), xs.last()) * (WIDTH - RIGHT - LEFT);
  }

  private double y(double value) {
    return HEIGHT - BOTTOM - share(value, ys.first(), ys.last()) * (HEIGHT - BOTTOM - TOP);
  }

  private static double share(double value, double first, double last) {
    return first == last ? 0.5 : Math.log(value / first) / Math.log(last / first);
  }
}
