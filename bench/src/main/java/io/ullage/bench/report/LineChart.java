package io.ullage.bench.report;

import io.ullage.bench.result.Comparison;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.DoubleFunction;

/**
 * Figures over a number such as a size, one line for each implementation, with its name at the
 * line's end. The figures' axis is logarithmic.
 */
final class LineChart {
  private static final int WIDTH = 720;
  private static final int HEIGHT = 320;
  private static final int LEFT = 64;
  private static final int RIGHT = 190;
  private static final int TOP = 26;
  private static final int BOTTOM = 42;
  private static final int LABEL_HEIGHT = 14;

  /** Ticks that are nearer to each other than this could overlap. */
  private static final int TICK_WIDTH = 44;

  private final String title;
  private final String xName;
  private final String unit;
  private final Map<String, SortedMap<Double, Double>> series;
  private final DoubleFunction<String> xLabel;
  private final boolean ordered;

  /**
   * A chart of series from x to y; values that are not positive have no place on it and are left
   * out.
   *
   * @param ordered whether x are equally far apart, whatever lies between them
   */
  LineChart(
      String title,
      String xName,
      String unit,
      Map<String, SortedMap<Double, Double>> series,
      DoubleFunction<String> xLabel,
      boolean ordered) {
    this.title = title;
    this.xName = xName;
    this.unit = unit;
    this.series = series;
    this.xLabel = xLabel;
    this.ordered = ordered;
  }

  /** The chart; the colour of an implementation is its place in the list. */
  Figure figure(List<String> impls) {
    SortedSet<Double> xs = new TreeSet<>();
    SortedSet<Double> ys = new TreeSet<>();
    series.values().forEach(points -> points.forEach((x, y) -> include(x, y, xs, ys)));
    StringBuilder svg = new StringBuilder(Markup.plot(WIDTH, HEIGHT, title));
    if (!xs.isEmpty()) {
      draw(svg, Axis.of(xs, xLabel, ordered), Axis.around(ys), impls);
    }
    return new Figure(title, svg.append("</svg>").toString(), rows(xs));
  }

  private void include(double x, double y, SortedSet<Double> xs, SortedSet<Double> ys) {
    if (isDrawn(x, y)) {
      xs.add(x);
      ys.add(y);
    }
  }

  private boolean isDrawn(double x, double y) {
    return (x > 0 || ordered) && y > 0;
  }

  private void draw(StringBuilder svg, Axis x, Axis y, List<String> impls) {
    double free = Double.NEGATIVE_INFINITY;
    for (double tick : x.ticks()) {
      double at = place(x, tick);
      svg.append(Markup.line(at, TOP, at, HEIGHT - BOTTOM, "grid"));
      if (at >= free) {
        svg.append(Markup.text(at, HEIGHT - BOTTOM + 16, "middle", "axis", x.label().apply(tick)));
        free = at + TICK_WIDTH;
      }
    }
    for (double tick : y.ticks()) {
      double at = height(y, tick);
      svg.append(Markup.line(LEFT, at, WIDTH - RIGHT, at, "grid"));
      svg.append(Markup.text(LEFT - 6, at + 4, "end", "axis", y.label().apply(tick)));
    }
    svg.append(Markup.text((LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 6, "middle", "axis", xName));
    svg.append(Markup.text(LEFT - 6, 14, "end", "axis", unit));
    List<Label> labels = new ArrayList<>();
    series.forEach((name, points) -> line(svg, name, points, x, y, impls, labels));
    place(labels).forEach(label -> svg.append(label.svg(impls)));
  }

  private void line(
      StringBuilder svg,
      String name,
      SortedMap<Double, Double> points,
      Axis x,
      Axis y,
      List<String> impls,
      List<Label> labels) {
    StringBuilder path = new StringBuilder();
    double lastY = Double.NaN;
    String colour = Markup.colour(impls.indexOf(name));
    for (Map.Entry<Double, Double> point : points.entrySet()) {
      if (isDrawn(point.getKey(), point.getValue())) {
        double atX = place(x, point.getKey());
        lastY = height(y, point.getValue());
        path.append(
            String.format(Locale.ROOT, "%s%.1f %.1f", path.isEmpty() ? "M" : "L", atX, lastY));
        svg.append(
            String.format(
                Locale.ROOT,
                "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"%s\"><title>%s, %s: %s"
                    + " %s</title></circle>",
                atX,
                lastY,
                colour,
                Markup.escape(name),
                Markup.escape(xLabel.apply(point.getKey())),
                Markup.number(point.getValue()),
                Markup.escape(unit)));
      }
    }
    if (!path.isEmpty()) {
      String style = name.equals(Comparison.OURS) ? "series ours" : "series";
      svg.append("<path d=\"%s\" stroke=\"%s\" class=\"%s\"/>".formatted(path, colour, style));
      labels.add(new Label(name, lastY + 4));
    }
  }

  /** The name of a line at its end. */
  private record Label(String name, double y) {
    String svg(List<String> impls) {
      double x = WIDTH - RIGHT + 8;
      return String.format(
          Locale.ROOT,
          "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"4\" fill=\"%s\"/>%s",
          x + 2,
          y - 4,
          Markup.colour(impls.indexOf(name)),
          Markup.text(x + 10, y, "start", "", name.isEmpty() ? "measured" : name));
    }
  }

  /** Moves labels apart that would overlap, and back up those that would leave the chart. */
  private static List<Label> place(List<Label> labels) {
    List<Label> sorted =
        new ArrayList<>(labels.stream().sorted(Comparator.comparingDouble(Label::y)).toList());
    for (int i = 1; i < sorted.size(); i++) {
      double least = sorted.get(i - 1).y() + LABEL_HEIGHT;
      sorted.set(i, new Label(sorted.get(i).name(), Math.max(sorted.get(i).y(), least)));
    }
    double most = HEIGHT - BOTTOM + 4;
    for (int i = sorted.size() - 1; i >= 0; i--) {
      sorted.set(i, new Label(sorted.get(i).name(), Math.min(sorted.get(i).y(), most)));
      most = sorted.get(i).y() - LABEL_HEIGHT;
    }
    return sorted;
  }

  private List<List<String>> rows(SortedSet<Double> xs) {
    List<List<String>> rows = new ArrayList<>();
    List<String> head = new ArrayList<>(List.of(unit));
    xs.forEach(x -> head.add(xLabel.apply(x)));
    rows.add(head);
    series.forEach(
        (name, points) -> {
          List<String> row = new ArrayList<>(List.of(name.isEmpty() ? "measured" : name));
          for (double x : xs) {
            Double y = points.get(x);
            row.add(y == null ? "" : Markup.number(y));
          }
          rows.add(row);
        });
    return rows;
  }

  private static double place(Axis axis, double value) {
    return LEFT + axis.share(value) * (WIDTH - RIGHT - LEFT);
  }

  private static double height(Axis axis, double value) {
    return HEIGHT - BOTTOM - axis.share(value) * (HEIGHT - BOTTOM - TOP);
  }
}
