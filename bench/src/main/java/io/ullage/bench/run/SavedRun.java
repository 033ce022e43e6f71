package io.ullage.bench.run;

import io.ullage.bench.result.MachineFacts;
import io.ullage.bench.result.Measurement;
import io.ullage.bench.result.ProcessorTime;
import io.ullage.bench.result.ResultFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a run has measured so far, in the file that keeps it: written after each scenario, so that
 * what hours have measured outlives their interruption, and another run can go on from there.
 */
final class SavedRun {
  private final Path file;
  private final MachineFacts machine;
  private final ProcessorTime begun = ProcessorTime.now();
  private final ProcessorTime before;
  private final List<Measurement> measurements;

  private SavedRun(
      Path file, MachineFacts machine, ProcessorTime before, List<Measurement> measurements) {
    this.file = file;
    this.machine = machine;
    this.before = before;
    this.measurements = new ArrayList<>(measurements);
  }

  /** A run that has measured nothing yet. */
  static SavedRun begin(Path file, MachineFacts machine) {
    return new SavedRun(file, machine, new ProcessorTime(0, 0), List.of());
  }

  /**
   * A run that another one began.
   *
   * @throws IOException if the file holds no results
   * @throws IllegalArgumentException if they are of another machine; nobody could compare them
   */
  static SavedRun resume(Path file, MachineFacts machine) throws IOException {
    ResultFile saved = ResultFile.read(file);
    saved.machine().requireSame(machine);
    ProcessorTime before =
        ProcessorTime.parse(saved.machine().facts().getOrDefault(MachineFacts.STOLEN, "not told"));
    return new SavedRun(file, machine, before, saved.measurements());
  }

  Path file() {
    return file;
  }

  /** Where JMH's own words go. */
  Path log() {
    String name = String.valueOf(file.getFileName());
    int suffix = name.lastIndexOf('.');
    return file.resolveSibling((suffix < 0 ? name : name.substring(0, suffix)) + ".log");
  }

  List<Measurement> measurements() {
    return List.copyOf(measurements);
  }

  /** Whether every implementation of a scenario has at least so many forks. */
  boolean has(Plan.Entry scenario, int forks) {
    Set<String> measured =
        measurements.stream()
            .filter(measurement -> isOf(scenario, measurement))
            .filter(measurement -> measurement.forks().size() >= forks)
            .map(Measurement::impl)
            .collect(Collectors.toSet());
    return measured.containsAll(scenario.impls());
  }

  /** Keeps what a scenario measured, in the place of what it measured before. */
  void add(Plan.Entry scenario, List<Measurement> measured) throws IOException {
    measurements.removeIf(measurement -> isOf(scenario, measurement));
    measurements.addAll(measured);
    new ResultFile(machine.with(MachineFacts.STOLEN, stolen().text()), measurements).write(file);
  }

  /**
   * What the host took from this machine while this run went, and while those that it continues.
   */
  ProcessorTime stolen() {
    return before.plus(ProcessorTime.now().since(begun));
  }

  /** Figures of a group's methods have its name, a colon and theirs. */
  private static boolean isOf(Plan.Entry scenario, Measurement measurement) {
    String benchmark = measurement.benchmark();
    return measurement.parameters().equals(scenario.parameters())
        && (benchmark.equals(scenario.benchmark())
            || benchmark.startsWith(scenario.benchmark() + ":"));
  }
}
