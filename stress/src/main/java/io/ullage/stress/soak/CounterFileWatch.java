package io.ullage.stress.soak;

import io.ullage.core.ComponentFigures;
import io.ullage.core.CounterFileReader;
import io.ullage.core.MemorySnapshot;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * Reads the counters of the workers from outside, those of killed ones too, whose files it then
 * removes.
 */
final class CounterFileWatch {
  private static final String ROOT = "root";

  private final Path folder;
  private final SoakReport report;
  private final Map<Path, Seen> seen = new HashMap<>();

  /**
   * What a file showed last.
   *
   * @param limitBytes tells apart the programs of one process, which follow one another in one file
   * @param allocatedBytes of all components
   */
  private record Seen(long limitBytes, long allocatedBytes) {}

  CounterFileWatch(Path folder, SoakReport report) {
    this.folder = folder;
    this.report = report;
  }

  /** Looks at every file once. */
  void look() throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        look(file);
      }
    }
  }

  private void look(Path file) throws IOException {
    try (CounterFileReader reader = CounterFileReader.open(file)) {
      MemorySnapshot snapshot = reader.snapshot();
      ComponentFigures root = snapshot.components().get(ROOT);
      if (root != null) {
        report.check(
            root.total().reservedBytes() <= root.limitBytes(),
            "a counter file shows no more than the limit",
            root);
        if (snapshot.exact()) {
          Seen now = new Seen(root.limitBytes(), root.total().allocatedBytes());
          Seen before = seen.put(file, now);
          report.check(
              before == null
                  || before.limitBytes() != now.limitBytes()
                  || before.allocatedBytes() <= now.allocatedBytes(),
              "a counter file never goes back",
              before + " then " + root);
        }
      }
      if (!reader.alive()) {
        Files.deleteIfExists(file);
        seen.remove(file);
      }
    } catch (IOException unfinishedOrGone) {
      // It is being made, or has been removed.
      seen.remove(file);
    }
  }
}
