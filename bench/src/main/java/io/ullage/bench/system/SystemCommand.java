package io.ullage.bench.system;

import io.ullage.bench.result.JsonTree;
import io.ullage.bench.result.MachineFacts;
import io.ullage.bench.result.Measurement;
import io.ullage.bench.result.ResultFile;
import io.ullage.bench.run.ResultsFolder;
import io.ullage.tool.frame.ExitCode;
import io.ullage.tool.frame.JsonOption;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ullage bench system}: the pipeline at several limits, beside what others have. */
@Command(
    name = "system",
    mixinStandardHelpOptions = true,
    description =
        "Runs a whole pipeline at memory limits from 16 MiB up, on Ullage and on others, each in a"
            + " JVM of its own; bench report draws it.")
public final class SystemCommand implements Callable<Integer> {
  /**
   * {@code ullage-resident} does not spill; {@code slices-blocking-queue} accounts for nothing and
   * does not spill; {@code chronicle-queue} knows no limit.
   */
  private static final List<String> IMPLS =
      List.of(
          "ullage",
          "ullage-resident",
          "slices-blocking-queue",
          "netty-blocking-queue",
          "chronicle-queue");

  /** The last one is more than goes through: no limit. */
  private static final List<Integer> LIMITS_MIB = List.of(16, 64, 256, 8192);

  private static final int QUICK_MIB = 512;
  private static final int FULL_MIB = 4096;
  private static final int FULL_FORKS = 5;

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private JsonOption json = new JsonOption();
  @Mixin private ResultsFolder results = new ResultsFolder();

  @Option(names = "--full", description = "4 GiB instead of 512 MiB, five times instead of once.")
  private boolean full;

  @Override
  public Integer call() throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    Path folder = results.create();
    Path file = folder.resolve("system.json");
    MachineFacts machine = MachineFacts.detect(folder);
    Map<String, Measurement> all = new LinkedHashMap<>();
    List<String> failed = new ArrayList<>();
    out.printf(
        "%10s  %-22s %10s %14s %14s %10s %12s%n",
        "limit MiB", "", "MiB/s", "offer p50 ns", "p99.9 ns", "RSS MiB", "written MiB");
    for (int fork = 0; fork < (full ? FULL_FORKS : 1); fork++) {
      for (int limit : LIMITS_MIB) {
        for (String impl : IMPLS) {
          @Nullable Object line = run(impl, limit);
          if (line == null) {
            failed.add(impl + " at " + limit + " MiB");
            out.printf("%10d  %-22s failed; what it said stands above%n", limit, impl);
            continue;
          }
          for (Measurement measured : measurements(impl, limit, line)) {
            all.merge(measured.benchmark() + limit + impl, measured, Measurement::withForksOf);
          }
          out.printf(
              "%10d  %-22s %,10.0f %,14.0f %,14.0f %,10.0f %,12.0f%n",
              limit,
              impl,
              JsonTree.number(line, "mib_per_s"),
              JsonTree.number(line, "offer_p50_ns"),
              JsonTree.number(line, "offer_p999_ns"),
              JsonTree.number(line, "peak_rss_mib"),
              JsonTree.number(line, "written_mib"));
          out.flush();
          new ResultFile(machine, List.copyOf(all.values())).write(file);
        }
      }
    }
    results.tell(
        out,
        json,
        file,
        Map.of("measurements", all.size()),
        failed.isEmpty() ? null : "failed: " + String.join(", ", failed));
    return failed.isEmpty() ? ExitCode.OK : ExitCode.FAILED;
  }

  /** What one run has measured; null if its process failed, which ends none of the others. */
  private @Nullable Object run(String impl, int limit) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(
        List.of(
            // A small heap, so that what is resident is what is compared.
            "-Xms128m",
            "-Xmx128m",
            "-XX:MaxDirectMemorySize=" + limit * 2L + "m",
            "-cp",
            System.getProperty("java.class.path"),
            PipelineMain.class.getName(),
            impl,
            Integer.toString(limit),
            Integer.toString(full ? FULL_MIB : QUICK_MIB)));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      return null;
    }
    return JsonTree.parse(output.lines().toList().getLast());
  }

  private static List<Measurement> measurements(String impl, int limit, @Nullable Object line)
      throws IOException {
    SortedMap<Double, Double> percentiles = new TreeMap<>();
    percentiles.put(50.0, JsonTree.number(line, "offer_p50_ns"));
    percentiles.put(99.0, JsonTree.number(line, "offer_p99_ns"));
    percentiles.put(99.9, JsonTree.number(line, "offer_p999_ns"));
    percentiles.put(100.0, JsonTree.number(line, "offer_max_ns"));
    return List.of(
        measurement(impl, limit, "throughput", "thrpt", "MiB/s", line, "mib_per_s", Map.of()),
        measurement(impl, limit, "offer", "sample", "ns", line, "offer_p50_ns", percentiles),
        measurement(impl, limit, "peakResident", "avgt", "MiB", line, "peak_rss_mib", Map.of()));
  }

  private static Measurement measurement(
      String impl,
      int limit,
      String name,
      String mode,
      String unit,
      @Nullable Object line,
      String field,
      Map<Double, Double> percentiles)
      throws IOException {
    SortedMap<String, String> parameters = new TreeMap<>();
    parameters.put("limitMib", Integer.toString(limit));
    return new Measurement(
        "io.ullage.bench.system." + name,
        parameters,
        impl,
        1,
        mode,
        unit,
        List.of(List.of(JsonTree.number(line, field))),
        new TreeMap<>(percentiles));
  }
}
