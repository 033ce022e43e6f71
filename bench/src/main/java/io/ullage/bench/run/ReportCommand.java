package io.ullage.bench.run;

import io.ullage.bench.report.HtmlReport;
import io.ullage.bench.report.MarkdownReport;
import io.ullage.bench.result.Goal;
import io.ullage.bench.result.Measurement;
import io.ullage.bench.result.ResultFile;
import io.ullage.tool.frame.ExitCode;
import io.ullage.tool.frame.JsonLine;
import io.ullage.tool.frame.JsonOption;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ullage bench report}: one HTML page from saved results. */
@Command(
    name = "report",
    mixinStandardHelpOptions = true,
    description =
        "Writes one self-contained HTML page with plots and goals, or the plots as files, or all"
            + " figures as tables, or prints how implementations compare.")
final class ReportCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private JsonOption json = new JsonOption();

  @Parameters(
      arity = "1..*",
      paramLabel = "FILE",
      description = "What bench saved, JMH's own JSON, or lines of spill-stress --json.")
  private List<Path> files = List.of();

  @Option(names = "--out", paramLabel = "FILE", description = "The page to write.")
  private @Nullable Path out;

  @Option(
      names = "--svg",
      paramLabel = "DIR",
      description = "Writes each plot as an SVG file in this folder.")
  private @Nullable Path plots;

  @Option(
      names = "--markdown",
      paramLabel = "FILE",
      description = "Writes all figures as tables of Markdown.")
  private @Nullable Path tables;

  @Override
  public Integer call() throws IOException {
    List<ResultFile> results = new ArrayList<>();
    for (Path file : files) {
      results.add(ResultFile.read(file));
    }
    List<Goal> goals = Goal.all();
    HtmlReport report = new HtmlReport(results, goals);
    Map<String, @Nullable Object> line = new LinkedHashMap<>();
    line.put("ok", true);
    PrintWriter printer = spec.commandLine().getOut();
    if (out == null && plots == null && tables == null) {
      List<Measurement> measurements =
          results.stream().flatMap(file -> file.measurements().stream()).toList();
      Findings findings = new Findings(printer);
      findings.compare(measurements);
      findings.judge(Goal.outcomes(goals, measurements));
    }
    if (out != null) {
      Files.writeString(out, report.text());
      printer.println("Wrote " + out);
      line.put("file", out.toString());
    }
    if (tables != null) {
      Files.writeString(tables, new MarkdownReport(results, goals).text());
      printer.println("Wrote " + tables);
      line.put("tables", tables.toString());
    }
    if (plots != null) {
      int written = report.writePlots(plots).size();
      printer.println("Wrote " + written + " plots into " + plots);
      line.put("folder", plots.toString());
      line.put("plots", written);
    }
    if (json.isOn()) {
      line.put("error", null);
      printer.println(JsonLine.of(line));
    }
    printer.flush();
    return ExitCode.OK;
  }
}
