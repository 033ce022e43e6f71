package io.ullage.bench.run;

import io.ullage.bench.growth.GrowthCommand;
import io.ullage.bench.lease.TakeoverCommand;
import io.ullage.bench.result.Goal;
import io.ullage.bench.result.MachineFacts;
import io.ullage.bench.result.Measurement;
import io.ullage.bench.result.ProcessorTime;
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
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
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
    subcommands = {
      ReportCommand.class,
      GrowthCommand.class,
      SystemCommand.class,
      TakeoverCommand.class
    },
    footer =
        "%nAll of JMH's own options (-l, -f, -prof, …) work as well; with any of them JMH runs as"
            + " it is.")
public final class BenchCommand implements Callable<Integer> {
  /** Above this share of busy CPUs, something else is running. */
  private static final double QUIET_LOAD = 0.5;

  private static final DateTimeFormatter NAME =
      DateTimeFormatter.ofPattern("'bench-'yyyyMMdd-HHmmss'.json'");

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private JsonOption json = new JsonOption();
  @Mixin private ResultsFolder results = new ResultsFolder();

  @ArgGroup private @Nullable Extent extent;

  @Option(
      names = "--continue",
      paramLabel = "FILE",
      description =
          "Goes on with a run that was interrupted: measures what FILE does not have, and adds it.")
  private @Nullable Path continued;

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

    @Option(
        names = "--full",
        description = "Five forks, every two parameters; hours, saved after each scenario.")
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
    SavedRun saved = open();
    Plan left = plan.without(scenario -> saved.has(scenario, preset.forks()));
    announce(left, preset, plan.scenarios().size());
    List<String> failures;
    try (PrintStream log = logTo(saved.log())) {
      BenchmarkRun run = new BenchmarkRun(preset, log, this::say);
      for (Plan.Entry scenario : left.scenarios()) {
        List<Measurement> measured = run.measure(scenario);
        saved.add(scenario, measured);
        new Findings(spec.commandLine().getOut()).compare(measured);
      }
      failures = run.failures();
    }
    return finish(preset, saved, goals, failures);
  }

  private SavedRun open() throws IOException {
    Path folder = results.create();
    MachineFacts machine = MachineFacts.detect(folder);
    if (continued == null) {
      String name = LocalDateTime.now(ZoneId.systemDefault()).format(NAME);
      return SavedRun.begin(folder.resolve(name), machine);
    }
    try {
      return SavedRun.resume(continued, machine);
    } catch (IllegalArgumentException elsewhere) {
      throw BadValue.of(
          spec,
          "--continue",
          continued.toString(),
          "a file of this machine (" + elsewhere.getMessage() + ")");
    }
  }

  private static PrintStream logTo(Path file) throws IOException {
    return new PrintStream(
        Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND),
        false,
        StandardCharsets.UTF_8);
  }

  private void announce(Plan left, Preset preset, int planned) {
    PrintWriter err = spec.commandLine().getErr();
    int forks = left.runs() * preset.forks();
    double seconds = forks * preset.forkSeconds();
    err.printf(
        "%d scenarios%s, %d forks, about %s%n",
        left.scenarios().size(),
        left.scenarios().size() < planned ? " of " + planned : "",
        forks,
        seconds < 120 ? "%.0f s".formatted(seconds) : "%.0f min".formatted(seconds / 60));
    if (MachineFacts.loadPerCpu() > QUIET_LOAD) {
      err.println("warning: other programs are busy on this machine; expect noise");
    }
    err.flush();
  }

  private int finish(Preset preset, SavedRun saved, List<Goal> goals, List<String> failures) {
    List<Measurement> measurements = saved.measurements();
    PrintWriter out = spec.commandLine().getOut();
    List<Goal.Outcome> outcomes = Goal.outcomes(goals, measurements);
    new Findings(out).judge(outcomes);
    out.println("Saved " + saved.file());
    ProcessorTime stolen = saved.stolen();
    if (stolen.isNoisy()) {
      out.println(
          "The host gave " + stolen.percent() + " of this machine's time to others: expect noise");
    }
    Map<String, @Nullable Object> figures = new LinkedHashMap<>();
    figures.put("preset", preset.toString());
    figures.put("file", saved.file().toString());
    figures.put("stolen_share", stolen.stolenShare());
    figures.put("measurements", measurements.size());
    for (Goal.Verdict verdict :
        List.of(Goal.Verdict.MET, Goal.Verdict.MISSED, Goal.Verdict.TOO_NOISY)) {
      figures.put(
          "goals_" + verdict.words().replace(' ', '_'),
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

  private String checkedRegex() {
    try {
      return Pattern.compile(regex).pattern();
    } catch (PatternSyntaxException bad) {
      throw BadValue.of(spec, "REGEX", regex, "a regular expression of Java");
    }
  }

  private void say(String progress) {
    PrintWriter err = spec.commandLine().getErr();
    err.println(progress);
    err.flush();
  }
}
