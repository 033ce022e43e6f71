package io.ullage.tool.top;

import io.ullage.core.CounterFileReader;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds the counter files of this host in the places where registries put them by default. */
public final class CounterFiles {
  private static final String PATTERN = "ullage-*.counters";

  private CounterFiles() {}

  /** The folders in which counter files lie by default, as far as they exist. */
  public static List<Path> folders() {
    List<Path> folders = new ArrayList<>();
    for (Path folder :
        List.of(Path.of("/dev/shm"), Path.of(System.getProperty("java.io.tmpdir")))) {
      if (Files.isDirectory(folder)) {
        folders.add(folder);
      }
    }
    return folders;
  }

  /** All counter files there, sorted by name. */
  public static List<Path> all() throws IOException {
    List<Path> files = new ArrayList<>();
    for (Path folder : folders()) {
      try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, PATTERN)) {
        found.forEach(files::add);
      } catch (DirectoryIteratorException e) {
        throw e.getCause();
      }
    }
    files.sort(null);
    return files;
  }

  /** Reads one file; empty when it cannot be read (any more), or is not whole. */
  public static Optional<ProgramFigures> read(Path file) {
    try (CounterFileReader reader = CounterFileReader.open(file)) {
      return Optional.of(new ProgramFigures(file, reader.pid(), reader.alive(), reader.snapshot()));
    } catch (IOException goneOrForeign) {
      return Optional.empty();
    }
  }
}
