package io.ullage.bench.growth;

import io.ullage.bench.result.Comparison;
import io.ullage.bench.result.Measurement;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** Measures one point of a curve after the other. */
final class GrowthRun {
  private static final int WARM_UP_BATCHES = 5;
  private static final int BATCHES = 7;
  private static final String NANOS = "ns/op";

  private final long batchNanos;

  /** A run whose batches take about so long each. */
  GrowthRun(long batchMillis) {
    batchNanos = TimeUnit.MILLISECONDS.toNanos(batchMillis);
  }

  /** How much of what there is at each point. */
  static List<Integer> counts(Curve curve, boolean full) {
    List<Integer> counts = new ArrayList<>();
    for (long count = curve.least(); count <= curve.most(full); count *= curve.step()) {
      counts.add((int) count);
    }
    return counts;
  }

  /** Measures one point. */
  Measurement measure(Curve curve, int count) throws IOException, InterruptedException {
    List<Double> batches = new ArrayList<>();
    try (Curve.Point point = curve.open(count)) {
      int times = 1;
      for (int batch = 0; batch < WARM_UP_BATCHES + BATCHES; batch++) {
        long elapsed = elapsed(point, times);
        while (elapsed < batchNanos / 2 && times < Integer.MAX_VALUE / 2) {
          times *= 2;
          elapsed = elapsed(point, times);
        }
        if (batch >= WARM_UP_BATCHES) {
          batches.add((double) elapsed / times);
        }
      }
    }
    SortedMap<String, String> parameters = new TreeMap<>();
    parameters.put(curve.parameter(), Integer.toString(count));
    return new Measurement(
        "io.ullage.bench.growth." + curve.name(),
        parameters,
        Comparison.OURS,
        1,
        "avgt",
        NANOS,
        List.of(batches),
        new TreeMap<>());
  }

  private static long elapsed(Curve.Point point, int times)
      throws IOException, InterruptedException {
    long begun = System.nanoTime();
    point.repeat(times);
    return System.nanoTime() - begun;
  }
}
