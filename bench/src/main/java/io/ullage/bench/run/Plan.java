package io.ullage.bench.run;

import static java.util.function.Predicate.not;

import io.ullage.bench.result.Comparison;
import io.ullage.bench.result.Goal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.BenchmarkListEntry;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Which benchmarks a run measures, with which parameters.
 *
 * @param scenarios in the order in which they run
 */
record Plan(List<Entry> scenarios) {
  static final String IMPLEMENTATION = "impl";

  /**
   * Two parameters tell how one changes what the other does. A third adds hours and no question
   * that anybody asked: how large the buffers of one size, closed in one order, are when zeroed.
   */
  private static final int VARIED_AT_ONCE = 2;

  /**
   * A benchmark and its parameters.
   *
   * @param benchmark its full name
   * @param parameters all but the implementation
   * @param impls the implementations; ours alone if it has no such parameter
   * @param singleShot whether an iteration is one call, however long it takes
   */
  record Entry(
      String benchmark, Map<String, String> parameters, List<String> impls, boolean singleShot) {}

  /** The benchmarks whose names contain the regular expression. */
  static Plan of(Preset preset, String regex, List<Goal> goals) {
    List<Entry> scenarios = new ArrayList<>();
    for (BenchmarkListEntry found :
        BenchmarkList.defaultList()
            .find(
                OutputFormatFactory.createFormatInstance(System.err, VerboseMode.SILENT),
                List.of(regex),
                List.of())) {
      Map<String, String[]> values = new TreeMap<>(found.getParams().orElse(Map.of()));
      String[] impls = values.remove(IMPLEMENTATION);
      for (Map<String, String> parameters : choose(preset, found.getUsername(), values, goals)) {
        scenarios.add(
            new Entry(
                found.getUsername(),
                parameters,
                impls == null ? List.of(Comparison.OURS) : List.of(impls),
                found.getMode() == org.openjdk.jmh.annotations.Mode.SingleShotTime));
      }
    }
    return new Plan(List.copyOf(scenarios));
  }

  /** What is left when some scenarios are done. */
  Plan without(Predicate<Entry> done) {
    return new Plan(scenarios.stream().filter(done.negate()).toList());
  }

  int runs() {
    return scenarios.stream().mapToInt(entry -> entry.impls().size()).sum();
  }

  static Set<Map<String, String>> choose(
      Preset preset, String benchmark, Map<String, String[]> values, List<Goal> goals) {
    Map<String, String> first = new TreeMap<>();
    values.forEach((name, all) -> first.put(name, all[0]));
    Set<Map<String, String>> chosen = new LinkedHashSet<>();
    if (preset == Preset.FULL) {
      for (Map<String, String> combination : combinations(values)) {
        long varied =
            combination.entrySet().stream().filter(not(first.entrySet()::contains)).count();
        if (varied <= VARIED_AT_ONCE) {
          chosen.add(combination);
        }
      }
      return chosen;
    }
    for (Goal goal : goals) {
      if (goal.concerns(benchmark)) {
        Map<String, String> parameters = new TreeMap<>(first);
        goal.parameters().forEach((name, value) -> parameters.replace(name, value));
        chosen.add(parameters);
      }
    }
    if (chosen.isEmpty()) {
      chosen.add(first);
    }
    return chosen;
  }

  private static Set<Map<String, String>> combinations(Map<String, String[]> values) {
    Set<Map<String, String>> all = new LinkedHashSet<>();
    all.add(new TreeMap<>());
    for (Map.Entry<String, String[]> parameter : values.entrySet()) {
      Set<Map<String, String>> longer = new LinkedHashSet<>();
      for (Map<String, String> shorter : all) {
        for (String value : parameter.getValue()) {
          Map<String, String> extended = new TreeMap<>(shorter);
          extended.put(parameter.getKey(), value);
          longer.add(extended);
        }
      }
      all = longer;
    }
    return all;
  }
}
