package io.ullage.bench.spill;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Temporary folders for spilled bytes. */
public final class Folders {
  private Folders() {}

  /**
   * A new folder: below the caller's own one, because the system's temporary one is memory on many
   * machines.
   */
  public static Path create() throws IOException {
    return Files.createTempDirectory(Path.of("").toAbsolutePath(), "ullage-bench-");
  }

  /** Deletes a folder with all that is in it. */
  public static void delete(Path folder) throws IOException {
    List<Path> all;
    try (Stream<Path> tree = Files.walk(folder)) {
      all = tree.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : all) {
      Files.deleteIfExists(path);
    }
  }
}
