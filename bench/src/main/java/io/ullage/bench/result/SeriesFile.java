package io.ullage.bench.result;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads what another command than {@code bench} prints: the line of JSON of each run of {@code
 * ullage spill-stress}. Several lines are several forks. A series is called as its file is.
 */
final class SeriesFile {
  private static final String SERIES = "series";
  private static final String SAMPLED = "sample";
  private static final String NANOS = "ns";

  private SeriesFile() {}

  /** The measurements in the lines of a file; none if they are none of these. */
  static List<Measurement> read(Path file, List<String> lines) throws IOException {
    SortedMap<String, String> series = new TreeMap<>();
    series.put(SERIES, String.valueOf(file.getFileName()).replaceFirst("\\.[a-z]+$", ""));
    List<String> filled = lines.stream().map(String::strip).filter(l -> !l.isEmpty()).toList();
    Map<String, Measurement> runs = new LinkedHashMap<>();
    for (String line : filled) {
      @Nullable Object json = JsonTree.parse(line);
      if (JsonTree.field(json, "pushed_bytes") == null) {
        return List.of();
      }
      for (Measurement run : spillStress(series, json)) {
        runs.merge(run.benchmark(), run, Measurement::withForksOf);
      }
    }
    return List.copyOf(runs.values());
  }

  private static List<Measurement> spillStress(
      SortedMap<String, String> series, @Nullable Object json) throws IOException {
    List<Measurement> measurements = new ArrayList<>();
    for (String operation : List.of("offer", "poll")) {
      SortedMap<Double, Double> percentiles = new TreeMap<>();
      percentiles.put(50.0, JsonTree.number(json, operation + "_p50_ns"));
      percentiles.put(99.9, JsonTree.number(json, operation + "_p999_ns"));
      percentiles.put(100.0, JsonTree.number(json, operation + "_max_ns"));
      measurements.add(
          new Measurement(
              "io.ullage.tool.spill-stress." + operation,
              series,
              Comparison.OURS,
              1,
              SAMPLED,
              NANOS,
              List.of(List.of(percentiles.get(50.0))),
              percentiles));
    }
    double mebibytes = JsonTree.number(json, "drained_bytes") / (1 << 20);
    double seconds = JsonTree.number(json, "elapsed_seconds");
    measurements.add(
        new Measurement(
            "io.ullage.tool.spill-stress.throughput",
            series,
            Comparison.OURS,
            1,
            "thrpt",
            "MiB/s",
            List.of(List.of(mebibytes / seconds)),
            new TreeMap<>()));
    return measurements;
  }
}
