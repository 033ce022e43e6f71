package io.ullage.bench.result;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Makes measurements for tests. */
public final class MeasurementFixture {
  private MeasurementFixture() {}

  /** A measurement of 1 KiB buffers, each fork of one iteration. */
  public static Measurement of(String impl, double... forks) {
    return of(impl, Map.of("size", "1024"), Arrays.stream(forks).mapToObj(List::of).toList());
  }

  /** A measurement of the benchmark {@code io.ullage.bench.Sample.run}. */
  public static Measurement of(
      String impl, Map<String, String> parameters, List<List<Double>> forks) {
    return new Measurement(
        "io.ullage.bench.Sample.run",
        new TreeMap<>(parameters),
        impl,
        1,
        "avgt",
        "ns/op",
        forks,
        new TreeMap<>(Map.of(50.0, 10.0, 99.9, 20.0)));
  }
}
