package io.ullage.bench.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
}
