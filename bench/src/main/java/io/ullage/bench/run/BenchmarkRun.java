package io.ullage.bench.run;

import io.ullage.bench.result.Measurement;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;
import org.openjdk.jmh.util.Statistics;

/**
 * Runs a plan. Implementations of one scenario take turns, one fork each, so that whatever the
 * machine does meanwhile meets them all alike.
 */
final class BenchmarkRun {
  private static final double[] PERCENTILES = {0, 50, 90, 99, 99.9, 99.99, 100};

  /** What JMH calls those of samples, which it adds as results of their own. */
  private static final Pattern PERCENTILE = Pattern.compile("p[01]\\.[0-9]+");

  private final Preset preset;
  private final PrintStream log;
  private final Consumer<String> progress;
  private final List<String> failures = new ArrayList<>();

  /** A run whose log of JMH goes to one place and whose progress to another. */
  BenchmarkRun(Preset preset, PrintStream log, Consumer<String> progress) {
    this.preset = preset;
    this.log = log;
    this.progress = progress;
  }

  /** What failed so far, in words. */
  List<String> failures() {
    return List.copyOf(failures);
  }

  /** Measures one scenario. An implementation that fails is left out and reported. */
  List<Measurement> measure(Plan.Entry scenario) {
    Map<String, Measurement> measured = new LinkedHashMap<>();
    List<String> alive = new ArrayList<>(scenario.impls());
    for (int fork = 1; fork <= preset.forks(); fork++) {
      for (String impl : List.copyOf(alive)) {
        progress.accept(
            "fork " + fork + "/" + preset.forks() + "  " + scenario.benchmark() + " " + impl);
        try {
          RunResult result = new Runner(options(scenario, impl).build(), output()).runSingle();
          for (Measurement measurement : measurements(scenario, impl, result)) {
            measured.merge(measurement.benchmark() + impl, measurement, Measurement::withForksOf);
          }
        } catch (RunnerException failed) {
          alive.remove(impl);
          failures.add(
              scenario.benchmark()
                  + " "
                  + scenario.parameters()
                  + " "
                  + impl
                  + ": "
                  + failed.getMessage());
        }
      }
    }
    return List.copyOf(measured.values());
  }

  private org.openjdk.jmh.runner.format.OutputFormat output() {
    return OutputFormatFactory.createFormatInstance(log, VerboseMode.NORMAL);
  }

  private ChainedOptionsBuilder options(Plan.Entry scenario, String impl) {
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include("^" + scenario.benchmark().replace(".", "\\.") + "$")
            .forks(1)
            .shouldFailOnError(true);
    if (!scenario.singleShot()) {
      options
          .warmupIterations(preset.warmupIterations())
          .warmupTime(preset.warmupTime())
          .measurementIterations(preset.iterations())
          .measurementTime(preset.iterationTime());
    } else if (preset == Preset.QUICK) {
      options.warmupIterations(1).measurementIterations(preset.iterations());
    }
    scenario.parameters().forEach((name, value) -> options.param(name, value));
    return options.param(Plan.IMPLEMENTATION, impl); // Left out where there is no such parameter.
  }

  /**
   * The benchmark's own figure, and those of the methods of its group or its counters under their
   * own names.
   */
  private static List<Measurement> measurements(Plan.Entry scenario, String impl, RunResult run) {
    List<Measurement> all = new ArrayList<>();
    BenchmarkParams parameters = run.getParams();
    all.add(
        measurement(
            scenario,
            impl,
            parameters,
            scenario.benchmark(),
            run.getPrimaryResult(),
            primaries(run)));
    run.getSecondaryResults()
        .forEach(
            (label, result) -> {
              if (!PERCENTILE.matcher(label).matches()) {
                all.add(
                    measurement(
                        scenario,
                        impl,
                        parameters,
                        scenario.benchmark() + ":" + label,
                        result,
                        secondaries(run, label)));
              }
            });
    return all;
  }

  private static Measurement measurement(
      Plan.Entry scenario,
      String impl,
      BenchmarkParams parameters,
      String name,
      Result<?> total,
      List<List<Double>> forks) {
    SortedMap<Double, Double> percentiles = new TreeMap<>();
    Statistics statistics = total.getStatistics();
    for (double percentile : PERCENTILES) {
      percentiles.put(percentile, statistics.getPercentile(percentile));
    }
    return new Measurement(
        name,
        new TreeMap<>(scenario.parameters()),
        impl,
        parameters.getThreads(),
        parameters.getMode().shortLabel(),
        total.getScoreUnit(),
        forks,
        percentiles);
  }

  private static List<List<Double>> primaries(RunResult run) {
    List<List<Double>> forks = new ArrayList<>();
    for (BenchmarkResult fork : run.getBenchmarkResults()) {
      forks.add(
          fork.getIterationResults().stream().map(i -> i.getPrimaryResult().getScore()).toList());
    }
    return forks;
  }

  private static List<List<Double>> secondaries(RunResult run, String label) {
    List<List<Double>> forks = new ArrayList<>();
    for (BenchmarkResult fork : run.getBenchmarkResults()) {
      List<Double> scores = new ArrayList<>();
      for (IterationResult iteration : fork.getIterationResults()) {
        Result<?> result = iteration.getSecondaryResults().get(label);
        if (result != null) {
          scores.add(result.getScore());
        }
      }
      forks.add(scores);
    }
    return forks;
  }
}
