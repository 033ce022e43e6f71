package io.ullage.bench.report;

import io.ullage.bench.result.Comparison;
import io.ullage.bench.result.Goal;
import io.ullage.bench.result.Measurement;
import io.ullage.bench.result.ResultFile;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One page without scripts and without anything from elsewhere: machine, goals, and a plot for each
 * benchmark.
 */
public final class HtmlReport {
  private static final String STYLE =
      """
      :root{color-scheme:light dark}
      body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
      h2{margin-top:2.5rem}h3{margin-bottom:.3rem}
      table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.25rem .6rem .25rem 0;vertical-align:top;
      border-bottom:1px solid #8884}
      .met{color:#0b8a5f}.missed{color:#d1495b}.too-noisy{color:#b9770e}.not-measured{color:#888}
      svg{width:100%;height:auto;font:12px system-ui,sans-serif}svg text{fill:currentColor}.label text{fill:inherit}
      .grid{stroke:#8883}.fork{stroke:currentColor;stroke-width:1.2}.series{fill:none;stroke-width:2}
      code{font-size:.9em}
      """;

  private final List<ResultFile> files;
  private final List<Goal> goals;
  private final List<Measurement> measurements = new ArrayList<>();
  private final List<String> impls;

  /** A report of one or more files. */
  public HtmlReport(List<ResultFile> files, List<Goal> goals) {
    this.files = List.copyOf(files);
    this.goals = List.copyOf(goals);
    files.forEach(file -> measurements.addAll(file.measurements()));
    List<String> names = new ArrayList<>(List.of(Comparison.OURS));
    measurements.stream()
        .map(Measurement::impl)
        .distinct()
        .filter(i -> !i.equals(Comparison.OURS))
        .forEach(names::add);
    this.impls = List.copyOf(names);
  }

  /** The page. */
  public String text() {
    StringBuilder page = new StringBuilder();
    page.append("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">");
    page.append(
        "<meta name=\"viewport\" content=\"width=device-width\"><title>Ullage benchmarks</title>");
    page.append("<style>").append(STYLE).append("</style></head><body><h1>Ullage benchmarks</h1>");
    machines(page);
    goals(page);
    byBenchmark().forEach((benchmark, all) -> section(page, benchmark, all));
    return page.append("</body></html>\n").toString();
  }

  private void machines(StringBuilder page) {
    page.append("<h2>Machine</h2>");
    for (ResultFile file : files) {
      page.append("<table>");
      file.machine().facts().forEach((name, value) -> row(page, name, value));
      page.append("</table>");
    }
  }

  private void goals(StringBuilder page) {
    page.append(
        "<h2>Goals</h2><p>Against the best fork of each peer; in brackets the 95 %"
            + " interval.</p><table>");
    page.append("<tr><th>goal<th>bound<th>measured<th>verdict</tr>");
    for (Goal goal : goals) {
      Goal.Outcome outcome = goal.judge(measurements);
      String verdict = outcome.verdict().name().toLowerCase(Locale.ROOT).replace('_', ' ');
      page.append(
          "<tr><td>%s<td>%s<td>%s<td class=\"%s\">%s</tr>"
              .formatted(
                  Markup.escape(goal.what()),
                  Markup.escape(goal.boundText()),
                  Markup.escape(outcome.measured()),
                  verdict.replace(' ', '-'),
                  verdict));
    }
    page.append("</table>");
  }

  private Map<String, List<Measurement>> byBenchmark() {
    Map<String, List<Measurement>> sections = new LinkedHashMap<>();
    measurements.forEach(
        m -> sections.computeIfAbsent(m.benchmark(), b -> new ArrayList<>()).add(m));
    return sections;
  }

  private void section(StringBuilder page, String benchmark, List<Measurement> all) {
    page.append("<h2>")
        .append(Markup.escape(all.getFirst().scenario().shortName()))
        .append("</h2>");
    page.append("<p><code>").append(Markup.escape(benchmark)).append("</code></p>");
    for (String parameter : sweeps(all)) {
      lines(page, parameter, all);
    }
    for (Comparison comparison : Comparison.of(all)) {
      List<Measurement> measured = new ArrayList<>(comparison.peers());
      comparison.ours().ifPresent(own -> measured.addFirst(own));
      page.append("<h3>").append(Markup.escape(comparison.scenario().title())).append("</h3>");
      page.append(new BarChart(measured).svg(impls));
      if (measured.getFirst().mode().equals("sample")) {
        percentiles(page, measured);
      }
    }
  }

  /** The parameters whose values are numbers and differ. */
  private static List<String> sweeps(List<Measurement> all) {
    List<String> sweeps = new ArrayList<>();
    for (String parameter : all.getFirst().parameters().keySet()) {
      List<String> values =
          all.stream().map(m -> m.parameters().getOrDefault(parameter, "")).distinct().toList();
      if (values.size() > 1 && values.stream().allMatch(value -> value.matches("[0-9]{1,18}"))) {
        sweeps.add(parameter);
      }
    }
    if (all.stream().map(Measurement::threads).distinct().count() > 1) {
      sweeps.add("threads");
    }
    return sweeps;
  }

  /** One chart for each combination of the other parameters. */
  private void lines(StringBuilder page, String parameter, List<Measurement> all) {
    Map<String, Map<String, SortedMap<Double, Double>>> charts = new LinkedHashMap<>();
    for (Measurement m : all) {
      SortedMap<String, String> others = new TreeMap<>(m.parameters());
      others.put("threads", Integer.toString(m.threads()));
      double x = Double.parseDouble(Objects.requireNonNull(others.remove(parameter)));
      charts
          .computeIfAbsent(others.toString(), o -> new LinkedHashMap<>())
          .computeIfAbsent(m.impl(), i -> new TreeMap<>())
          .put(x, m.median());
    }
    charts.forEach(
        (others, series) -> {
          if (series.values().stream().anyMatch(points -> points.size() > 1)) {
            page.append("<h3>by ")
                .append(Markup.escape(parameter))
                .append(' ')
                .append(Markup.escape(others));
            page.append("</h3>")
                .append(new LineChart(parameter, all.getFirst().unit(), series).svg(impls));
          }
        });
  }

  private void percentiles(StringBuilder page, List<Measurement> measured) {
    page.append("<table><tr><th>percentile");
    measured
        .getFirst()
        .percentiles()
        .keySet()
        .forEach(p -> page.append("<th>").append(Markup.number(p)));
    page.append("</tr>");
    for (Measurement measurement : measured) {
      page.append("<tr><td>").append(Markup.escape(measurement.impl()));
      measurement
          .percentiles()
          .values()
          .forEach(value -> page.append("<td>").append(Markup.number(value)));
      page.append("</tr>");
    }
    page.append("</table>");
  }

  private static void row(StringBuilder page, String name, String value) {
    page.append("<tr><td>%s<td>%s</tr>".formatted(Markup.escape(name), Markup.escape(value)));
  }
}
