package io.ullage.tool.top;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The programs that are looked at: one by its process id or its file, or all that run. Those that
 * end while they are watched stay, with their last figures, and are shown as dead. For one thread.
 */
final class ProgramWatch {
  private static final String PROCESS_ID = "[0-9]{1,18}";

  private final @Nullable String named;
  private final SortedMap<Path, ProgramFigures> programs = new TreeMap<>();

  /**
   * Begins to watch.
   *
   * @param named a process id or a counter file; null for all programs that run
   */
  ProgramWatch(@Nullable String named) {
    this.named = named;
  }

  /** Whether a file was named that is there but cannot be read as counters. */
  boolean namesSomethingElse() {
    return isFile() && Files.exists(file()) && CounterFiles.read(file()).isEmpty();
  }

  /** Whether a file was named that is not there. */
  boolean namesNothing() {
    return isFile() && !Files.exists(file());
  }

  /** Reads the figures of now. */
  List<ProgramFigures> read() throws IOException {
    List<Path> files = isFile() ? List.of(file()) : CounterFiles.all();
    List<Path> seen = new ArrayList<>();
    for (Path file : files) {
      Optional<ProgramFigures> figures = CounterFiles.read(file);
      if (figures.isPresent() && isWatched(figures.get())) {
        programs.put(file, figures.get());
        seen.add(file);
      }
    }
    programs.replaceAll((file, figures) -> seen.contains(file) ? figures : figures.ended());
    return List.copyOf(programs.values());
  }

  private boolean isWatched(ProgramFigures figures) {
    if (isFile()) {
      return true;
    }
    return named == null
        ? figures.alive() || programs.containsKey(figures.file())
        : figures.pid() == Long.parseLong(named);
  }

  private boolean isFile() {
    return named != null && !named.matches(PROCESS_ID);
  }

  private Path file() {
    return Path.of(named == null ? "" : named);
  }
}
