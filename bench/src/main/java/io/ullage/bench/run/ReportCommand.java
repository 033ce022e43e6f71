package io.ullage.bench.run;

import io.ullage.bench.report.HtmlReport;
import io.ullage.bench.result.Goal;
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
    description = "Writes one self-contained HTML page with plots and goals.")
final class ReportCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private JsonOption json = new JsonOption();

  @Parameters(
      arity = "1..*",
      paramLabel = "FILE",
      description = "What bench saved, or JMH's own JSON.")
  private List<Path> files = List.of();

  @Option(names = "--out", required = true, paramLabel = "FILE", description = "The page to write.")
  private Path out = Path.of("bench.html");

  @Override
  public Integer call() throws IOException {
    List<ResultFile> results = new ArrayList<>();
    for (Path file : files) {
      results.add(ResultFile.read(file));
    }
    Files.writeString(out, new HtmlReport(results, Goal.all()).text());
    PrintWriter printer = spec.commandLine().getOut();
    printer.println("Wrote " + out);
    if (json.isOn()) {
      Map<String, @Nullable Object> line = new LinkedHashMap<>();
      line.put("ok", true);
      line.put("file", out.toString());
      line.put("error", null);
      printer.println(JsonLine.of(line));
    }
    printer.flush();
    return ExitCode.OK;
  }
}
