package io.ullage.bench.report;

import io.ullage.bench.result.Goal;
import io.ullage.bench.result.MachineFacts;
import io.ullage.bench.result.Measurement;
import io.ullage.bench.result.ResultFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * One page without scripts and without anything from elsewhere: goals, machine, and the plots of
 * each benchmark, with their numbers as tables.
 */
public final class HtmlReport {
  private static final Map<Goal.Verdict, String> MARKS =
      new EnumMap<>(
          Map.of(
              Goal.Verdict.MET, "✓ met",
              Goal.Verdict.MISSED, "✗ missed",
              Goal.Verdict.TOO_NOISY, "≈ too noisy",
              Goal.Verdict.NOT_MEASURED, "not measured"));

  private final List<ResultFile> files;
  private final List<Goal> goals;
  private final List<Measurement> measurements = new ArrayList<>();
  private final List<Section> sections;

  /** A report of one or more files. */
  public HtmlReport(List<ResultFile> files, List<Goal> goals) {
    this.files = List.copyOf(files);
    this.goals = List.copyOf(goals);
    files.forEach(file -> measurements.addAll(file.measurements()));
    this.sections = Section.of(measurements);
  }

  /** The page. */
  public String text() {
    StringBuilder page = new StringBuilder();
    page.append("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">");
    page.append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
    page.append("<title>Ullage benchmarks</title><style>")
        .append(Markup.css("plot.css"))
        .append(Markup.css("report.css"))
        .append("</style></head><body><a class=\"skip\" href=\"#results\">To the results</a>");
    page.append("<h1>Ullage benchmarks</h1>");
    goals(page);
    machines(page);
    contents(page);
    page.append("<main id=\"results\">");
    for (int i = 0; i < sections.size(); i++) {
      Section section = sections.get(i);
      page.append("<section><h2 id=\"s%d\">".formatted(i))
          .append(Markup.escape(section.title()))
          .append("</h2><p><code>")
          .append(Markup.escape(section.benchmark()))
          .append("</code></p>");
      section.figures().forEach(figure -> page.append(figure.html()));
      page.append("</section>");
    }
    return page.append("</main></body></html>\n").toString();
  }

  /**
   * Writes each plot as an SVG file of its own.
   *
   * @param folder where to; made if it is missing
   * @return the files
   * @throws IOException if one cannot be written
   */
  public List<Path> writePlots(Path folder) throws IOException {
    Files.createDirectories(folder);
    List<Path> written = new ArrayList<>();
    for (Section section : sections) {
      for (Figure figure : section.figures()) {
        Path file = folder.resolve(figure.fileName() + ".svg");
        written.add(Files.writeString(file, figure.standalone()));
      }
    }
    return written;
  }

  private void goals(StringBuilder page) {
    List<Goal.Outcome> outcomes = goals.stream().map(goal -> goal.judge(measurements)).toList();
    Map<Goal.Verdict, Long> counts =
        outcomes.stream()
            .collect(
                Collectors.groupingBy(
                    Goal.Outcome::verdict,
                    () -> new EnumMap<>(Goal.Verdict.class),
                    Collectors.counting()));
    page.append("<section><h2>Goals</h2><p>")
        .append(
            counts.entrySet().stream()
                .map(entry -> entry.getValue() + " " + entry.getKey().words())
                .collect(Collectors.joining(", ")))
        .append(".</p><div class=\"scroll\" tabindex=\"0\"><table><caption>Against the best fork")
        .append(" of each peer; in brackets the 95 % interval.</caption><tr>");
    for (String head : List.of("goal", "bound", "measured", "verdict")) {
      page.append("<th scope=\"col\">").append(head).append("</th>");
    }
    page.append("</tr>");
    for (Goal.Outcome outcome : outcomes) {
      Goal goal = outcome.goal();
      page.append(
          "<tr><td>%s</td><td>%s</td><td>%s</td><td class=\"verdict %s\">%s</td></tr>"
              .formatted(
                  Markup.escape(goal.what()),
                  Markup.escape(goal.boundText()),
                  Markup.escape(outcome.measured()),
                  outcome.verdict().words().replace(' ', '-'),
                  MARKS.get(outcome.verdict())));
    }
    page.append("</table></div></section>");
  }

  private void machines(StringBuilder page) {
    page.append("<section><h2>Machine</h2>");
    List<MachineFacts> machines = ResultFile.machines(files);
    if (machines.isEmpty()) {
      page.append("<p>Not known: these files do not say.</p>");
    }
    for (MachineFacts machine : machines) {
      page.append("<div class=\"scroll\" tabindex=\"0\"><table>");
      machine
          .facts()
          .forEach(
              (name, value) ->
                  page.append(
                      "<tr><th scope=\"row\">%s</th><td>%s</td></tr>"
                          .formatted(Markup.escape(name), Markup.escape(value))));
      page.append("</table></div>");
    }
    page.append("</section>");
  }

  private void contents(StringBuilder page) {
    page.append("<nav aria-label=\"Benchmarks\"><h2>Benchmarks</h2><ul>");
    for (int i = 0; i < sections.size(); i++) {
      page.append(
          "<li><a href=\"#s%d\">%s</a></li>".formatted(i, Markup.escape(sections.get(i).title())));
    }
    page.append("</ul></nav>");
  }
}
