package io.ullage.bench.result;

import io.ullage.bench.result.Measurement.Scenario;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All implementations in one scenario.
 *
 * @param scenario the scenario
 * @param ours the measurement of {@value #OURS}, if it was measured
 * @param peers the others
 */
public record Comparison(Scenario scenario, Optional<Measurement> ours, List<Measurement> peers) {
  /** What benchmarks call this library. */
  public static final String OURS = "ullage";

  /** Groups measurements by scenario, in the order in which they come. */
  public static List<Comparison> of(List<Measurement> measurements) {
    Map<Scenario, List<Measurement>> byScenario = new LinkedHashMap<>();
    for (Measurement measurement : measurements) {
      byScenario.computeIfAbsent(measurement.scenario(), s -> new ArrayList<>()).add(measurement);
    }
    List<Comparison> comparisons = new ArrayList<>();
    byScenario.forEach(
        (scenario, all) ->
            comparisons.add(
                new Comparison(
                    scenario,
                    all.stream().filter(m -> m.impl().equals(OURS)).findFirst(),
                    all.stream().filter(m -> !m.impl().equals(OURS)).toList())));
    return comparisons;
  }

  /** The comparison as lines of text, ours first. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(scenario.title());
    ours.ifPresent(own -> lines.add(line(own, "")));
    for (Measurement peer : peers) {
      lines.add(line(peer, ours.map(own -> against(Ratio.of(own, peer))).orElse("")));
    }
    return lines;
  }

  private static String against(Ratio ratio) {
    String noise = !ratio.isNoisy() ? "" : ratio.isUndecided() ? ", too noisy to tell" : ", noisy";
    return ratio.value() >= 1
        ? "   ullage is %.2f× faster [%.2f, %.2f]%s"
            .formatted(ratio.value(), ratio.low(), ratio.high(), noise)
        : "   ullage takes %.2f× its time [%.2f, %.2f]%s"
            .formatted(1 / ratio.value(), 1 / ratio.high(), 1 / ratio.low(), noise);
  }

  private static String line(Measurement measurement, String ratio) {
    return "  %-18s %,14.2f %-6s best fork %,14.2f, forks differ %.2f×%s"
        .formatted(
            measurement.impl(),
            measurement.median(),
            measurement.unit(),
            measurement.bestFork(),
            measurement.forkSpread(),
            ratio);
  }
}
