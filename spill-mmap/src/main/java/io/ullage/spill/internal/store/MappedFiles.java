package io.ullage.spill.internal.store;

import io.ullage.spill.DirectoryStatus;
import io.ullage.spill.SpillSession;
import io.ullage.spill.StoreUsage;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Puts the parts of the mapped file store together. Thread-safe. */
public final class MappedFiles implements AutoCloseable {
  private final SegmentFiles files;

  private MappedFiles(SegmentFiles files) {
    this.files = files;
  }

  /**
   * Opens directories and makes the store over them.
   *
   * @param memory takes the bytes of files that are memory, not disk
   */
  public static MappedFiles open(
      List<Path> paths,
      long segmentBytes,
      long recycledBytes,
      DiskBudget budget,
      MemoryCharge memory,
      SystemCalls calls)
      throws IOException {
    List<Directory> directories = new ArrayList<>();
    boolean opened = false;
    try {
      for (Path path : paths) {
        Directory directory = Directory.open(path, calls);
        directories.add(directory);
        if (directory.inMemory()) {
          System.getLogger("io.ullage.spill")
              .log(
                  Level.WARNING,
                  "{0} is a file system in memory: what is spilled there stays in memory",
                  directory.path());
        }
      }
      opened = true;
    } finally {
      if (!opened) {
        for (Directory directory : directories) {
          directory.close();
        }
      }
    }
    return new MappedFiles(
        new SegmentFiles(directories, budget, memory, calls, segmentBytes, recycledBytes));
  }

  /** Opens the store for one queue. */
  public SpillSession open(long queueId) {
    files.checkOpen();
    return new MappedSession(files, queueId);
  }

  /** Returns what all files take. */
  public StoreUsage usage() {
    return files.usage();
  }

  /** Returns how the directories do. */
  public List<DirectoryStatus> directories() {
    return files.directories();
  }

  @Override
  public void close() {
    files.close();
  }
}
