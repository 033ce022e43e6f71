package io.ullage.bench.growth;

import io.ullage.bench.result.GrowthOrder;
import io.ullage.bench.result.MachineFacts;
import io.ullage.bench.result.Measurement;
import io.ullage.bench.result.ResultFile;
import io.ullage.bench.run.ResultsFolder;
import io.ullage.tool.frame.ExitCode;
import io.ullage.tool.frame.JsonOption;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
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

/** {@code ullage bench growth}: the curves, each with its order. */
@Command(
    name = "growth",
    mixinStandardHelpOptions = true,
    description =
        "Measures how cost grows with components, threads, queued entries and leases; bench report"
            + " draws it.")
public final class GrowthCommand implements Callable<Integer> {
  private static final List<Curve> CURVES =
      List.of(
          new ChargeCurve(),
          new SnapshotCurve(),
          new ThreadsCurve(),
          new QueueCurve(),
          new LeaseCurve());

  private static final long BATCH_MILLIS = 50;
  private static final long FULL_BATCH_MILLIS = 300;

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private JsonOption json = new JsonOption();
  @Mixin private ResultsFolder results = new ResultsFolder();

  @Option(names = "--full", description = "Longer, and queues of up to ten million entries.")
  private boolean full;

  @Override
  public Integer call() throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    Path folder = results.create();
    Path file = folder.resolve("growth.json");
    MachineFacts machine = MachineFacts.detect(folder);
    GrowthRun run = new GrowthRun(full ? FULL_BATCH_MILLIS : BATCH_MILLIS);
    List<Measurement> all = new ArrayList<>();
    Map<String, @Nullable Object> orders = new LinkedHashMap<>();
    for (Curve curve : CURVES) {
      out.println(curve.name() + " by " + curve.parameter());
      SortedMap<Double, Double> points = new TreeMap<>();
      for (int count : GrowthRun.counts(curve, full)) {
        Measurement measured = run.measure(curve, count);
        all.add(measured);
        points.put((double) count, measured.median());
        out.printf("  %,11d  %,14.1f ns%n", count, measured.median());
        out.flush();
      }
      GrowthOrder order = GrowthOrder.of(points);
      orders.put(curve.name(), order.exponent());
      out.printf(Locale.ROOT, "  %s%n", order);
      new ResultFile(machine, all).write(file);
    }
    results.tell(out, json, file, Map.of("orders", orders), null);
    return ExitCode.OK;
  }
}
