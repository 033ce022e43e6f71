package io.ullage.bench.result;

import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;

/**
 * How cost grows: as the count to the power of {@code exponent}, from the straight line that fits
 * best where both are logarithmic. Near 0 it does not depend on the count, near 1 it is linear.
 *
 * @param exponent the slope of that line
 */
public record GrowthOrder(double exponent) {
  /** The order of a curve from count to cost, all positive; at least two points. */
  public static GrowthOrder of(SortedMap<Double, Double> points) {
    if (points.size() < 2) {
      throw new IllegalArgumentException("points: " + points.size() + "; allowed: two or more");
    }
    double meanX = points.keySet().stream().mapToDouble(Math::log).average().orElseThrow();
    double meanY = points.values().stream().mapToDouble(Math::log).average().orElseThrow();
    double covariance = 0;
    double variance = 0;
    for (Map.Entry<Double, Double> point : points.entrySet()) {
      double x = Math.log(point.getKey()) - meanX;
      covariance += x * (Math.log(point.getValue()) - meanY);
      variance += x * x;
    }
    return new GrowthOrder(covariance / variance);
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "grows as n^%.2f", exponent);
  }
}
