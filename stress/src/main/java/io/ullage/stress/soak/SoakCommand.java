package io.ullage.stress.soak;

import io.ullage.tool.frame.BadValue;
import io.ullage.tool.frame.CommandFailure;
import io.ullage.tool.frame.ExitCode;
import io.ullage.tool.frame.Failure;
import io.ullage.tool.frame.JsonLine;
import io.ullage.tool.frame.JsonOption;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ullage stress soak}: several processes for a long time, disturbed by a plan. */
@Command(
    name = "soak",
    mixinStandardHelpOptions = true,
    description =
        "Several processes use every part at random, are killed, stopped and left without a disk,"
            + " and every invariant is checked all the time.")
public final class SoakCommand implements Callable<Integer> {
  private static final double MILLIS_PER_MINUTE = 60_000;

  /** A day, so that a number of seconds is not taken for minutes. */
  private static final double MOST_MINUTES = 24 * 60;

  private static final int MOST_WORKERS = 64;

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private JsonOption json = new JsonOption();

  @Option(
      names = "--minutes",
      required = true,
      paramLabel = "N",
      description = "How long; 0.5 is half a minute.")
  private double minutes;

  @Option(
      names = "--seed",
      paramLabel = "S",
      description = "Replays the plan of an earlier run; drawn and printed without it.")
  private @Nullable Long seed;

  @Option(
      names = "--workers",
      paramLabel = "N",
      description = "How many processes (default: ${DEFAULT-VALUE}).")
  private int workers = 3;

  @Override
  public Integer call() throws Exception {
    if (!(minutes > 0 && minutes <= MOST_MINUTES)) {
      throw BadValue.of(spec, "--minutes", minutes, "more than 0, up to 1440");
    }
    if (workers < 1 || workers > MOST_WORKERS) {
      throw BadValue.of(spec, "--workers", workers, "1 to " + MOST_WORKERS);
    }
    long chosen = seed == null ? new SecureRandom().nextLong(Integer.MAX_VALUE) : seed;
    long millis = Math.round(minutes * MILLIS_PER_MINUTE);
    SoakPlan plan = SoakPlan.of(chosen, millis, workers);
    SoakReport report = new SoakReport(chosen, this::say);
    SoakFolders folders = SoakFolders.create(Files.createTempDirectory("ullage-soak"));
    say(
        "seed %d, %d workers, %d disturbances; files in %s"
            .formatted(chosen, workers, plan.disturbances().size(), folders.root()));
    new Soak(folders, chosen, report, this::say).run(plan, workers, millis);
    return finish(report, folders.root(), folders);
  }

  private int finish(SoakReport report, Path root, SoakFolders folders) throws Exception {
    if (report.isViolated()) {
      say(report.text());
      throw new CommandFailure(
          new Failure(ExitCode.FAILED, "violation", report.firstViolation() + "; files in " + root),
          report.figures(),
          null);
    }
    folders.delete();
    PrintWriter out = spec.commandLine().getOut();
    out.println(report.text());
    if (json.isOn()) {
      Map<String, @Nullable Object> line = new LinkedHashMap<>();
      line.put("ok", true);
      line.putAll(report.figures());
      line.put("error", null);
      out.println(JsonLine.of(line));
    }
    out.flush();
    return ExitCode.OK;
  }

  private void say(String progress) {
    PrintWriter err = spec.commandLine().getErr();
    err.println(progress);
    err.flush();
  }
}
