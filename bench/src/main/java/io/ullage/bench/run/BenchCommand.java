package io.ullage.bench.run;

import io.ullage.bench.growth.GrowthCommand;
import io.ullage.bench.result.Comparison;
import io.ullage.bench.result.Goal;
import io.ullage.bench.result.MachineFacts;
import io.ullage.bench.result.Measurement;
import io.ullage.bench.result.ResultFile;
import io.ullage.bench.system.SystemCommand;
import io.ullage.tool.frame.BadValue;
import io.ullage.tool.frame.CommandFailure;
import io.ullage.tool.frame.ExitCode;
import io.ullage.tool.frame.Failure;
import io.ullage.tool.frame.JsonLine;
import io.ullage.tool.frame.JsonOption;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code ullage bench}: measures, saves the figures with the machine's facts, and prints how
 * implementations compare.
 */
@Command(
    name = "ullage bench",
    description = "Runs benchmarks and compares every implementation with ours.",
    subcommands = {ReportCommand.class, GrowthCommand.class, SystemCommand.class},
    footer =
        "%nAll of JMH's own options (-l, -f, -prof, …) work as well; with any of them JMH runs as"
            + " it is.")
public final class BenchCommand implements Callable<Integer> {
  /** Above this share of busy CPUs, something else is running. */
  private static final double QUIET_LOAD = 0.5;

  private static final DateTimeFormatter NAME =
      DateTimeFormatter.ofPattern("'bench-'yyyyMMdd-HHmmss");

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private JsonOption json = new JsonOption();
  @Mixin private ResultsFolder results = new ResultsFolder();

  @ArgGroup private @Nullable Extent extent;

  @Parameters(
      arity = "0..1",
      paramLabel = "REGEX",
      description = "Runs only benchmarks whose full name contains a match.")
  private String regex = ".*";

  /** Runs with no more than one of these. */
  static final class Extent {
    @Option(
        names = "--quick",
        description = "Two short forks, main parameters only; minutes (default).")
    private boolean quick;

    @Option(names = "--full", description = "Five forks, every parameter; hours.")
    private boolean full;
  }

  @Override
  public Integer call() throws IOException {
    Preset preset = extent == null || extent.quick || !extent.full ? Preset.QUICK : Preset.FULL;
    List<Goal> goals = Goal.all();
    Plan plan = Plan.of(preset, checkedRegex(), goals);
    if (plan.scenarios().isEmpty()) {
      throw BadValue.of(
          spec, "REGEX", regex, "what matches the name of a benchmark; -l lists them");
    }
    PrintWriter err = spec.commandLine().getErr();
    int forks = plan.runs() * preset.forks();
    double seconds = forks * preset.forkSeconds();
    err.printf(
        "%d scenarios, %d forks, about %s%n",
        plan.scenarios().size(),
        forks,
        seconds < 120 ? "%.0f s".formatted(seconds) : "%.0f min".formatted(seconds / 60));
    if (MachineFacts.loadPerCpu() > QUIET_LOAD) {
      err.println("warning: other programs are busy on this machine; expect noise");
    }
    err.flush();

    Path folder = results.create();
    String name = LocalDateTime.now(ZoneId.systemDefault()).format(NAME);
    Path file = folder.resolve(name + ".json");
    MachineFacts machine = MachineFacts.detect(folder);
    List<Measurement> measurements = new ArrayList<>();
    List<String> failures;
    try (PrintStream log =
        new PrintStream(folder.resolve(name + ".log").toFile(), StandardCharsets.UTF_8)) {
      BenchmarkRun run = new BenchmarkRun(preset, log, this::say);
      for (Plan.Entry scenario : plan.scenarios()) {
        List<Measurement> measured = run.measure(scenario);
        measurements.addAll(measured);
        print(Comparison.of(measured));
        // After each scenario, so that what a long run has measured outlives its interruption.
        new ResultFile(machine, measurements).write(file);
      }
      failures = run.failures();
    }
    return finish(preset, file, measurements, goals, failures);
  }

  private int finish(
      Preset preset,
      Path file,
      List<Measurement> measurements,
      List<Goal> goals,
      List<String> failures) {
    PrintWriter out = spec.commandLine().getOut();
    List<Goal.Outcome> outcomes =
        goals.stream()
            .map(goal -> goal.judge(measurements))
            .filter(outcome -> outcome.verdict() != Goal.Verdict.NOT_MEASURED)
            .toList();
    if (!outcomes.isEmpty()) {
      out.println("Goals");
      for (Goal.Outcome outcome : outcomes) {
        out.printf(
            "  %-9s %s: %s, goal %s%n",
            words(outcome.verdict()),
            outcome.goal().what(),
            outcome.measured(),
            outcome.goal().boundText());
      }
    }
    out.println("Saved " + file);
    Map<String, @Nullable Object> figures = new LinkedHashMap<>();
    figures.put("preset", preset.toString());
    figures.put("file", file.toString());
    figures.put("measurements", measurements.size());
    for (Goal.Verdict verdict :
        List.of(Goal.Verdict.MET, Goal.Verdict.MISSED, Goal.Verdict.TOO_NOISY)) {
      figures.put(
          "goals_" + words(verdict).replace(' ', '_'),
          outcomes.stream().filter(outcome -> outcome.verdict() == verdict).count());
    }
    out.flush();
    if (!failures.isEmpty()) {
      throw new CommandFailure(
          new Failure(ExitCode.FAILED, "benchmark_failed", String.join("; ", failures)),
          figures,
          null);
    }
    if (json.isOn()) {
      Map<String, @Nullable Object> line = new LinkedHashMap<>();
      line.put("ok", true);
      line.putAll(figures);
      line.put("error", null);
      out.println(JsonLine.of(line));
      out.flush();
    }
    return ExitCode.OK;
  }

  /** A verdict in words. */
  static String words(Goal.Verdict verdict) {
    return switch (verdict) {
      case MET -> "met";
      case MISSED -> "missed";
      case TOO_NOISY -> "too noisy";
      case NOT_MEASURED -> "not measured";
    };
  }

  private String checkedRegex() {
    try {
      return Pattern.compile(regex).pattern();
    } catch (PatternSyntaxException bad) {
      throw BadValue.of(spec, "REGEX", regex, "a regular expression of Java");
    }
  }

  private void print(List<Comparison> comparisons) {
    PrintWriter out = spec.commandLine().getOut();
    for (Comparison comparison : comparisons) {
      comparison.lines().forEach(out::println);
    }
    out.println();
    out.flush();
  }

  private void say(String progress) {
    PrintWriter err = spec.commandLine().getErr();
    err.println(progress);
    err.flush();
  }
}
