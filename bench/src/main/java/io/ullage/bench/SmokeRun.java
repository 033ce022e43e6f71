package io.ullage.bench;

import io.ullage.bench.lease.RedisServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.BenchmarkListEntry;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs every benchmark once, with every implementation and the first value of every other
 * parameter.
 *
 * <p>Everything happens in this JVM, for {@value #ITERATION_MILLIS} ms each: the figures mean
 * nothing, only that each benchmark ran.
 */
final class SmokeRun {
  private static final int ITERATION_MILLIS = 20;
  private static final String IMPLEMENTATION_PARAMETER = "impl";

  private SmokeRun() {}

  /**
   * Runs what JMH's own arguments select; the exit code is not zero if a benchmark throws and
   * {@code -foe} is set.
   */
  static int run(List<String> arguments) throws CommandLineOptionException {
    CommandLineOptions chosen = new CommandLineOptions(arguments.toArray(new String[0]));
    long start = System.nanoTime();
    int runs = 0;
    for (BenchmarkListEntry benchmark : select(chosen)) {
      try {
        runs += new Runner(shortest(chosen, benchmark).build()).run().size();
      } catch (RunnerException failed) {
        System.err.println(benchmark.getUsername() + ": " + failed.getMessage());
        return 1;
      }
    }
    System.out.printf("%d benchmarks ran in %.1f s%n", runs, (System.nanoTime() - start) / 1e9);
    return runs == 0 ? 1 : 0;
  }

  private static Iterable<BenchmarkListEntry> select(CommandLineOptions chosen) {
    List<String> excludes = new ArrayList<>(chosen.getExcludes());
    if (!RedisServer.isInstalled() && !"true".equals(System.getenv("CI"))) {
      System.err.println(
          "no redis-server is installed: benchmarks of leases on Redis are left out");
      excludes.add("\\.Redis");
    }
    return BenchmarkList.defaultList()
        .find(
            OutputFormatFactory.createFormatInstance(System.out, VerboseMode.SILENT),
            chosen.getIncludes(),
            excludes);
  }

  private static ChainedOptionsBuilder shortest(
      CommandLineOptions chosen, BenchmarkListEntry benchmark) {
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .parent(chosen)
            .include("^" + benchmark.getUsername().replace(".", "\\.") + "$")
            .forks(0)
            .warmupIterations(0)
            .measurementIterations(1)
            .measurementTime(TimeValue.milliseconds(ITERATION_MILLIS))
            .verbosity(VerboseMode.SILENT);
    Map<String, String[]> parameters = new TreeMap<>(benchmark.getParams().orElse(Map.of()));
    parameters.forEach(
        (name, values) -> {
          if (!name.equals(IMPLEMENTATION_PARAMETER) && !chosen.getParameter(name).hasValue()) {
            options.param(name, values[0]);
          }
        });
    return options;
  }
}
