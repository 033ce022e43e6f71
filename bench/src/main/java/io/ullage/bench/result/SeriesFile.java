package io.ullage.bench.result;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads what other commands than {@code bench} print: the line of JSON of each run of {@code ullage
 * spill-stress}, or samples of takeovers, one number of nanoseconds a line.
 *
 * <p>Several lines are several forks. A series is called as its file is.
 */
final class SeriesFile {
  private static final Pattern SAMPLE = Pattern.compile("[0-9]{1,18}");
  private static final double[] PERCENTILES = {0, 50, 90, 99, 99.9, 100};
  private static final String SERIES = "series";
  private static final String SAMPLED = "sample";
  private static final String NANOS = "ns";

  private SeriesFile() {}

  /** The measurements in the lines of a file; none if they are neither. */
  static List<Measurement> read(Path file, List<String> lines) throws IOException {
    SortedMap<String, String> series = new TreeMap<>();
    series.put(SERIES, String.valueOf(file.getFileName()).replaceFirst("\\.[a-z]+$", ""));
    List<String> filled = lines.stream().map(String::strip).filter(l -> !l.isEmpty()).toList();
    if (filled.isEmpty()) {
      return List.of();
    }
    if (filled.stream().allMatch(line -> SAMPLE.matcher(line).matches())) {
      return List.of(takeovers(series, filled.stream().map(Double::valueOf).sorted().toList()));
    }
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

  private static Measurement takeovers(SortedMap<String, String> series, List<Double> sorted) {
    SortedMap<Double, Double> percentiles = new TreeMap<>();
    for (double percentile : PERCENTILES) {
      int rank = (int) Math.ceil(percentile / 100 * sorted.size());
      percentiles.put(percentile, sorted.get(Math.max(rank, 1) - 1));
    }
    return new Measurement(
        "io.ullage.lease.takeover.owned",
        series,
        Comparison.OURS,
        1,
        SAMPLED,
        NANOS,
        List.of(sorted),
        percentiles);
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
