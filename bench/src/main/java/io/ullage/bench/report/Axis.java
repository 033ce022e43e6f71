package io.ullage.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.DoubleFunction;

/**
 * Where on an axis values lie, and which of them are written beside it.
 *
 * @param first the value at its beginning
 * @param last the value at its end
 * @param ticks what is written
 * @param label how it is written
 * @param ordered whether neighbours of the ticks are equally far apart, rather than by their
 *     logarithms
 */
record Axis(
    double first, double last, List<Double> ticks, DoubleFunction<String> label, boolean ordered) {
  /** More decades than this are marked by powers of ten alone. */
  private static final double FINE_DECADES = 2.5;

  /** So much of the axis stays free at each end. */
  private static final double MARGIN = 0.05;

  private static final int[] FINE_STEPS = {1, 2, 5};

  /** An axis that has the values themselves as ticks. */
  static Axis of(SortedSet<Double> values, DoubleFunction<String> label, boolean ordered) {
    return new Axis(values.first(), values.last(), List.copyOf(values), label, ordered);
  }

  /** A logarithmic axis with round ticks around positive values. */
  static Axis around(SortedSet<Double> values) {
    double first = values.first();
    double last = values.last();
    double margin = Math.max(Math.pow(last / first, MARGIN), 1.1);
    first /= margin;
    last *= margin;
    boolean fine = Math.log10(last / first) < FINE_DECADES;
    SortedSet<Double> ticks = new TreeSet<>();
    for (double power = Math.pow(10, Math.floor(Math.log10(first))); power <= last; power *= 10) {
      for (int step : FINE_STEPS) {
        double tick = power * step;
        if (tick >= first && tick <= last && (fine || step == 1)) {
          ticks.add(tick);
        }
      }
    }
    return new Axis(first, last, new ArrayList<>(ticks), Markup::tick, false);
  }

  /** The place of a value, from 0 at the beginning to 1 at the end. */
  double share(double value) {
    if (first == last) {
      return 0.5;
    }
    return ordered
        ? (double) ticks.indexOf(value) / (ticks.size() - 1)
        : Math.log(value / first) / Math.log(last / first);
  }
}
