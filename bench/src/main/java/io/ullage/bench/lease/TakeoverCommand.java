package io.ullage.bench.lease;

import io.ullage.bench.result.MachineFacts;
import io.ullage.bench.result.Measurement;
import io.ullage.bench.result.ResultFile;
import io.ullage.bench.run.ResultsFolder;
import io.ullage.tool.frame.BadValue;
import io.ullage.tool.frame.ExitCode;
import io.ullage.tool.frame.JsonOption;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ullage bench takeover}: how soon a key that one process had is another one's. */
@Command(
    name = "takeover",
    mixinStandardHelpOptions = true,
    description =
        "Measures how soon a waiter owns a key after its holder, another process, released it or"
            + " was killed; bench report draws it.")
public final class TakeoverCommand implements Callable<Integer> {
  private static final List<Series> SERIES =
      List.of(
          new Series("release-64", false, 64),
          new Series("kill-64", true, 64),
          new Series("kill-4096", true, 4096));

  private static final int QUICK_TIMES = 20;
  private static final int FULL_TIMES = 200;
  private static final double NANOS_PER_MILLI = 1e6;

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private JsonOption json = new JsonOption();
  @Mixin private ResultsFolder results = new ResultsFolder();

  @Option(
      names = "--full",
      description =
          "200 times each, and holders with 4 GiB as well; ten minutes, and 5 GiB of memory.")
  private boolean full;

  @Option(names = "--times", paramLabel = "N", description = "How often each, instead.")
  private @Nullable Integer times;

  /** What is measured, and the memory that holders have touched. */
  private record Series(String name, boolean kill, long mebibytes) {}

  @Override
  public Integer call() throws Exception {
    int each = times == null ? (full ? FULL_TIMES : QUICK_TIMES) : times;
    if (each < 1) {
      throw BadValue.of(spec, "--times", Integer.toString(each), "1 and more");
    }
    PrintWriter out = spec.commandLine().getOut();
    Path folder = results.create();
    Path file = folder.resolve("takeover.json");
    MachineFacts machine = MachineFacts.detect(folder);
    List<Measurement> all = new ArrayList<>();
    for (Series series : full ? SERIES : SERIES.subList(0, SERIES.size() - 1)) {
      Measurement measured = measure(series, each);
      all.add(measured);
      out.printf(
          "%-12s %4d times: p50 %.2f ms, p90 %.2f ms, p99 %.2f ms, max %.2f ms%n",
          series.name(),
          each,
          millis(measured, 50),
          millis(measured, 90),
          millis(measured, 99),
          millis(measured, 100));
      out.flush();
      new ResultFile(machine, all).write(file);
    }
    results.tell(out, json, file, Map.of("times", each), null);
    return ExitCode.OK;
  }

  private static Measurement measure(Series series, int times) throws Exception {
    Path folder = Files.createTempDirectory("ullage-takeover");
    try {
      HandOvers handOvers = new HandOvers(folder.resolve("leases"), series.mebibytes());
      return Measurement.ofSamples(
          "io.ullage.bench.takeover.owned",
          new TreeMap<>(Map.of("series", series.name())),
          "ns",
          series.kill() ? handOvers.afterKill(times) : handOvers.afterRelease(times));
    } finally {
      Folders.delete(folder);
    }
  }

  private static double millis(Measurement measured, double percentile) {
    return measured.percentiles().getOrDefault(percentile, Double.NaN) / NANOS_PER_MILLI;
  }
}
