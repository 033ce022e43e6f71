package io.ullage.spill.internal.store;

import io.ullage.spill.SpillSession;
import io.ullage.spill.StoreUsage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Puts the parts of the mapped file store together. Thread-safe. */
public final class MappedFiles implements AutoCloseable {
  private final SegmentFiles files;

  private MappedFiles(SegmentFiles files) {
    this.files = files;
  }

  /** Opens directories and makes the store over them. */
  public static MappedFiles open(
      List<Path> paths, long segmentBytes, long recycledBytes, long maximumBytes, long floorBytes)
      throws IOException {
    return open(
        paths,
        segmentBytes,
        recycledBytes,
        maximumBytes,
        floorBytes,
        LinuxSystemCalls.ofThisSystem());
  }

  static MappedFiles open(
      List<Path> paths,
      long segmentBytes,
      long recycledBytes,
      long maximumBytes,
      long floorBytes,
      SystemCalls calls)
      throws IOException {
    List<Directory> directories = new ArrayList<>();
    for (Path path : paths) {
      directories.add(Directory.open(path));
    }
    return new MappedFiles(
        new SegmentFiles(
            directories,
            new DiskBudget(maximumBytes, floorBytes),
            calls,
            segmentBytes,
            recycledBytes));
  }

  /** Opens the store for one queue. */
  public SpillSession open(long queueId) {
    return new MappedSession(files, queueId);
  }

  /** Returns what all files take. */
  public StoreUsage usage() {
    return files.usage();
  }

  @Override
  public void close() {
    files.close();
  }
}
