package io.ullage.tool.doctor;

import io.ullage.core.CounterFileException;
import io.ullage.core.CounterFileReader;
import io.ullage.core.bounds.BinarySize;
import io.ullage.tool.top.CounterFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Looks at the folder of the counter files and at what killed programs left there. */
final class CounterFileChecks {
  /** What the default counter file and some arenas of the kernel take. */
  private static final long LEAST_BYTES = 8L << 20;

  /** As many as a person reads; whoever left more has a habit, and sweeps. */
  private static final int MOST_NAMED = 10;

  private final boolean sweep;

  /**
   * Prepares the checks.
   *
   * @param sweep whether to remove the files of dead programs
   */
  CounterFileChecks(boolean sweep) {
    this.sweep = sweep;
  }

  List<Finding> run() throws IOException {
    List<Finding> findings = new ArrayList<>();
    int alive = 0;
    for (Path file : newestFirst()) {
      if (isAlive(file, findings)) {
        alive++;
      }
    }
    shorten(findings);
    findings.add(0, folder());
    findings.add(1, Finding.healthy("programs", alive + " with counters now"));
    return findings;
  }

  private static void shorten(List<Finding> findings) {
    if (findings.size() <= MOST_NAMED) {
      return;
    }
    List<Finding> rest = findings.subList(MOST_NAMED, findings.size());
    String detail = rest.size() + " more like these";
    boolean allRemoved = rest.stream().allMatch(Finding::isHealthy);
    rest.clear();
    findings.add(
        allRemoved
            ? Finding.healthy("stale files", detail)
            : Finding.toDo("stale files", detail, "ullage doctor --sweep"));
  }

  private static List<Path> newestFirst() throws IOException {
    List<Path> files = new ArrayList<>(CounterFiles.all());
    files.sort(Comparator.comparingLong((Path file) -> file.toFile().lastModified()).reversed());
    return files;
  }

  /** Whether the file is of a program that runs; if it is of one that was killed, that is found. */
  private boolean isAlive(Path file, List<Finding> findings) throws IOException {
    try (CounterFileReader reader = CounterFileReader.open(file)) {
      if (reader.alive()) {
        return true;
      }
      findings.add(dead(file, "belongs to pid " + reader.pid() + ", which has ended"));
      return false;
    } catch (NoSuchFileException endedMeanwhile) {
      return false;
    } catch (CounterFileException unreadable) {
      findings.add(
          Finding.toDo("stale file", String.valueOf(unreadable.getMessage()), "rm " + file));
      return false;
    }
  }

  private static Finding folder() throws IOException {
    Path folder = CounterFiles.folders().getFirst();
    long free = Files.getFileStore(folder).getUsableSpace();
    String detail = BinarySize.format(free) + " free in " + folder;
    return free >= LEAST_BYTES
        ? Finding.healthy("counter folder", detail)
        : Finding.toDo("counter folder", detail, "make room for " + BinarySize.format(LEAST_BYTES));
  }

  private Finding dead(Path file, String whose) {
    if (!sweep) {
      return Finding.toDo(
          "stale file", file + " " + whose, "rm " + file + ", or ullage doctor --sweep");
    }
    try {
      Files.deleteIfExists(file);
      return Finding.healthy("stale file", file + " " + whose + "; removed");
    } catch (IOException notOurs) {
      return Finding.toDo("stale file", file + " " + whose, "its owner can remove it: " + notOurs);
    }
  }
}
