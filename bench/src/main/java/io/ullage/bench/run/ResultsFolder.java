package io.ullage.bench.run;

import io.ullage.tool.frame.JsonLine;
import io.ullage.tool.frame.JsonOption;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Mixed into commands that save what they measure. */
public final class ResultsFolder {
  @Option(
      names = "--results",
      paramLabel = "DIR",
      description = "Where to save the figures (default: ${DEFAULT-VALUE}).")
  private Path folder = Path.of("results");

  /** The folder, made if it was missing. */
  public Path create() throws IOException {
    return Files.createDirectories(folder);
  }

  /**
   * Says where figures were saved, and as JSON if that was asked for what they come to.
   *
   * @param figures what the line of JSON says besides
   * @param failure what failed; null if nothing did
   */
  public void tell(
      PrintWriter out,
      JsonOption json,
      Path file,
      Map<String, ? extends @Nullable Object> figures,
      @Nullable String failure) {
    out.println("Saved " + file);
    if (json.isOn()) {
      Map<String, @Nullable Object> line = new LinkedHashMap<>();
      line.put("ok", failure == null);
      line.put("file", file.toString());
      line.putAll(figures);
      line.put("error", failure);
      out.println(JsonLine.of(line));
    }
    out.flush();
  }
}
