package io.ullage.bench.report;

import io.ullage.bench.result.Comparison;
import io.ullage.bench.result.Goal;
import io.ullage.bench.result.Measurement;
import io.ullage.bench.result.Ratio;
import io.ullage.bench.result.ResultFile;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.DoubleFunction;
import java.util.stream.Collectors;

/**
 * All figures as tables of Markdown: machine, goals, and each benchmark with one row for each
 * implementation.
 */
public final class MarkdownReport {
  private static final String READING =
      """
      Each figure is the median of the forks, with the best and the worst fork in brackets. Below it
      stands how many times as fast ours is as that implementation's best fork (2: half its time), with
      the interval in which 95 of 100 repetitions would lie; *≈* where that leaves open who is faster.
      Percentiles of single operations are those of the worst fork. `none`, `noop`, `queue`,
      `plain-read`, `event-off` and `two-bytes` do all but the work: what a benchmark itself costs.

      """;

  private final List<ResultFile> files;
  private final List<Goal> goals;
  private final List<Measurement> measurements;

  /** A report of one or more files. */
  public MarkdownReport(List<ResultFile> files, List<Goal> goals) {
    this.files = List.copyOf(files);
    this.goals = List.copyOf(goals);
    this.measurements = files.stream().flatMap(file -> file.measurements().stream()).toList();
  }

  /** The page. */
  public String text() {
    StringBuilder page = new StringBuilder("# All figures\n\n").append(READING);
    ResultFile.machines(files).forEach(machine -> page.append(machine(machine.facts())));
    goals(page);
    for (Section section : Section.of(measurements)) {
      page.append("## %s, %s\n\n".formatted(section.title(), section.unit()));
      tables(section).forEach(table -> page.append(table).append('\n'));
    }
    return page.toString().stripTrailing() + "\n";
  }

  private static String machine(Map<String, String> facts) {
    return facts.entrySet().stream()
        .map(fact -> "| " + fact.getKey() + " | " + fact.getValue() + " |\n")
        .collect(Collectors.joining("", "| machine | |\n|---|---|\n", "\n"));
  }

  private void goals(StringBuilder page) {
    List<Goal.Outcome> outcomes = Goal.outcomes(goals, measurements);
    if (outcomes.isEmpty()) {
      return;
    }
    page.append("| goal | bound | measured | |\n|---|---|---|---|\n");
    for (Goal.Outcome outcome : outcomes) {
      Goal goal = outcome.goal();
      page.append(
          "| %s | %s | %s | %s |\n"
              .formatted(
                  goal.what(), goal.boundText(), outcome.measured(), outcome.verdict().words()));
    }
    page.append('\n');
  }

  /** One table for each combination of threads and of the parameters that are no columns. */
  private static List<String> tables(Section section) {
    String column = section.widestSweep();
    Map<SortedMap<String, String>, List<Comparison>> groups = new LinkedHashMap<>();
    for (Comparison comparison : Comparison.of(section.measurements())) {
      SortedMap<String, String> others = new TreeMap<>(comparison.scenario().parameters());
      others.remove(column);
      if (comparison.scenario().threads() > 1) {
        others.put("threads", Integer.toString(comparison.scenario().threads()));
      }
      groups.computeIfAbsent(others, o -> new ArrayList<>()).add(comparison);
    }
    List<String> tables = new ArrayList<>();
    groups.forEach((others, comparisons) -> tables.add(table(others, column, comparisons)));
    return tables;
  }

  private static String table(
      SortedMap<String, String> others, String column, List<Comparison> comparisons) {
    SortedMap<Double, Comparison> columns = new TreeMap<>();
    for (Comparison comparison : comparisons) {
      String value = comparison.scenario().parameters().get(column);
      columns.put(value == null ? 0 : Double.parseDouble(value), comparison);
    }
    DoubleFunction<String> label = Section.label(column);
    StringBuilder table = new StringBuilder("| ").append(words(others)).append(" |");
    columns
        .keySet()
        .forEach(
            value ->
                table.append(
                    column.isEmpty() ? " |" : " %s %s |".formatted(column, label.apply(value))));
    table.append("\n|---|").append("---|".repeat(columns.size())).append('\n');
    for (String impl : Section.impls(all(comparisons))) {
      table.append("| ").append(impl.equals(Comparison.OURS) ? "**ullage**" : impl).append(" |");
      for (Comparison comparison : columns.values()) {
        table.append(' ').append(cell(impl, comparison)).append(" |");
      }
      table.append('\n');
    }
    return table.toString();
  }

  private static List<Measurement> all(List<Comparison> comparisons) {
    List<Measurement> all = new ArrayList<>();
    for (Comparison comparison : comparisons) {
      comparison.ours().ifPresent(all::add);
      all.addAll(comparison.peers());
    }
    return all;
  }

  private static String words(SortedMap<String, String> parameters) {
    return parameters.entrySet().stream()
        .map(entry -> entry.getKey() + " " + entry.getValue())
        .collect(Collectors.joining(", "));
  }

  private static String cell(String impl, Comparison comparison) {
    if (impl.equals(Comparison.OURS)) {
      return comparison.ours().map(MarkdownReport::figures).orElse("");
    }
    Optional<Measurement> peer =
        comparison.peers().stream().filter(m -> m.impl().equals(impl)).findFirst();
    return peer.map(m -> figures(m) + comparison.ours().map(own -> against(own, m)).orElse(""))
        .orElse("");
  }

  private static String figures(Measurement measurement) {
    List<Double> forks = measurement.forkMedians();
    return "%s (%s–%s)%s"
        .formatted(
            Markup.number(measurement.median()),
            Markup.number(Collections.min(forks)),
            Markup.number(Collections.max(forks)),
            measurement.isSampled() ? percentiles(measurement.percentiles()) : "");
  }

  private static String percentiles(SortedMap<Double, Double> percentiles) {
    return "<br>p50 %s, p99.9 %s"
        .formatted(
            Markup.number(percentiles.getOrDefault(50.0, Double.NaN)),
            Markup.number(percentiles.getOrDefault(99.9, Double.NaN)));
  }

  private static String against(Measurement ours, Measurement peer) {
    Ratio ratio = Ratio.of(ours, peer);
    return "<br>%s%s× [%s–%s]"
        .formatted(
            ratio.isUndecided() ? "≈ " : "",
            Markup.number(ratio.value()),
            Markup.number(ratio.low()),
            Markup.number(ratio.high()));
  }
}
