package io.ullage.bench.result;

import com.fasterxml.jackson.core.JacksonException;
import io.ullage.tool.frame.JsonLine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The measurements of one run, with the machine they were made on.
 *
 * <p>As JSON, {@code results} has the form that JMH gives its own results, so that tools for these
 * can read it; JMH's own files can be read as well, only they do not know their machine. What had
 * no implementations to choose from is ours.
 *
 * @param machine what is known of the machine
 * @param measurements what was measured
 */
public record ResultFile(MachineFacts machine, List<Measurement> measurements) {
  private static final String IMPLEMENTATION = "impl";

  /** Copies the measurements. */
  public ResultFile {
    measurements = List.copyOf(measurements);
  }

  /**
   * Reads a file of ours, of JMH's or of {@code spill-stress}.
   *
   * @throws IOException naming the file, if it is none of them
   */
  public static ResultFile read(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new NoSuchFileException(file.toString(), null, "no such file of results");
    }
    try {
      List<Measurement> series = readSeries(file);
      if (!series.isEmpty()) {
        return new ResultFile(new MachineFacts(Map.of()), series);
      }
      @Nullable Object json = JsonTree.parse(Files.readString(file));
      Map<String, String> facts = new LinkedHashMap<>();
      JsonTree.fields(json, "machine")
          .forEach((name, value) -> facts.put(name, String.valueOf(value)));
      List<Measurement> measurements = new ArrayList<>();
      List<?> results = json instanceof List<?> jmh ? jmh : JsonTree.elements(json, "results");
      for (@Nullable Object result : results) {
        measurements.add(measurement(result));
      }
      return new ResultFile(new MachineFacts(facts), measurements);
    } catch (IOException | IllegalArgumentException unreadable) {
      throw new IOException(
          file + " is no result of benchmarks: " + unreadable.getMessage(), unreadable);
    }
  }

  /** The known machines on which some results were measured, each of them once. */
  public static List<MachineFacts> machines(List<ResultFile> files) {
    Map<MachineFacts, MachineFacts> machines = new LinkedHashMap<>();
    files.stream()
        .map(ResultFile::machine)
        .filter(machine -> !machine.facts().isEmpty())
        .forEach(machine -> machines.putIfAbsent(machine.lasting(), machine));
    return List.copyOf(machines.values());
  }

  /** What has the whole of a value in its first line may be a series. */
  private static List<Measurement> readSeries(Path file) throws IOException {
    List<String> lines = Files.readAllLines(file);
    try {
      return SeriesFile.read(file, lines);
    } catch (JacksonException notOneValueALine) {
      return List.of();
    }
  }

  /**
   * Writes the file, replacing one of the same name all at once: who is killed meanwhile leaves the
   * old one.
   */
  public void write(Path file) throws IOException {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("machine", machine.facts());
    json.put("results", measurements.stream().map(ResultFile::json).toList());
    json.put("ratios", ratios());
    Path beside = file.resolveSibling(file.getFileName() + ".new");
    Files.writeString(beside, JsonLine.of(json) + "\n");
    Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Ours against the best fork of each peer: 2 means that we take half its time. */
  private List<Map<String, @Nullable Object>> ratios() {
    List<Map<String, @Nullable Object>> ratios = new ArrayList<>();
    for (Comparison comparison : Comparison.of(measurements)) {
      if (comparison.ours().isPresent()) {
        for (Measurement peer : comparison.peers()) {
          Ratio ratio = Ratio.of(comparison.ours().get(), peer);
          Map<String, @Nullable Object> json = new LinkedHashMap<>();
          json.put("scenario", comparison.scenario().title());
          json.put("against", peer.impl());
          json.put("ratio", ratio.value());
          json.put("low", ratio.low());
          json.put("high", ratio.high());
          json.put("too_noisy", ratio.isNoisy());
          ratios.add(json);
        }
      }
    }
    return ratios;
  }

  private static Map<String, @Nullable Object> json(Measurement measurement) {
    Map<String, @Nullable Object> metric = new LinkedHashMap<>();
    metric.put("score", measurement.median());
    Map<String, @Nullable Object> percentiles = new LinkedHashMap<>();
    measurement
        .percentiles()
        .forEach((percentile, value) -> percentiles.put(percentile.toString(), value));
    metric.put("scorePercentiles", percentiles);
    metric.put("scoreUnit", measurement.unit());
    metric.put("rawData", measurement.forks());
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put(IMPLEMENTATION, measurement.impl());
    parameters.putAll(measurement.parameters());
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("benchmark", measurement.benchmark());
    json.put("mode", measurement.mode());
    json.put("threads", measurement.threads());
    json.put("forks", measurement.forks().size());
    json.put("params", parameters);
    json.put("primaryMetric", metric);
    json.put("secondaryMetrics", Map.of());
    return json;
  }

  private static Measurement measurement(@Nullable Object json) throws IOException {
    SortedMap<String, String> parameters = new TreeMap<>();
    JsonTree.fields(json, "params")
        .forEach((name, value) -> parameters.put(name, String.valueOf(value)));
    String impl = parameters.getOrDefault(IMPLEMENTATION, Comparison.OURS);
    parameters.remove(IMPLEMENTATION);
    @Nullable Object metric = JsonTree.field(json, "primaryMetric");
    List<List<Double>> forks = new ArrayList<>();
    for (@Nullable Object fork : JsonTree.elements(metric, "rawData")) {
      List<Double> iterations = new ArrayList<>();
      if (fork instanceof List<?> values) {
        for (@Nullable Object value : values) {
          iterations.add(JsonTree.number(value, () -> "rawData holds what is no number"));
        }
      }
      forks.add(iterations);
    }
    SortedMap<Double, Double> percentiles = new TreeMap<>();
    for (Map.Entry<String, @Nullable Object> entry :
        JsonTree.fields(metric, "scorePercentiles").entrySet()) {
      double value =
          JsonTree.number(entry.getValue(), () -> "scorePercentiles holds what is no number");
      percentiles.put(Double.valueOf(entry.getKey()), value);
    }
    return new Measurement(
        JsonTree.text(json, "benchmark"),
        parameters,
        impl,
        (int) JsonTree.number(json, "threads"),
        JsonTree.text(json, "mode"),
        JsonTree.text(metric, "scoreUnit"),
        forks,
        percentiles);
  }
}
