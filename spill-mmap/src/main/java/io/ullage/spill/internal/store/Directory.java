package io.ullage.spill.internal.store;

import io.ullage.spill.DirectoryStatus;
import io.ullage.spill.StoreFullException;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A directory in which segment files are made, and how it does. Made with mode 0700 if missing; a
 * symbolic link is refused. Thread-safe.
 *
 * <p>A directory that failed is left alone for a while, at first 100 ms, then twice as long each
 * time, so that one broken disk does not cost every batch an error before the next directory is
 * tried. One that is merely full has not failed.
 */
final class Directory implements AutoCloseable {
  private static final long FIRST_BACKOFF_NANOS = 100_000_000;

  /** 10 s: a disk that comes back is used again before anybody has gone to look. */
  private static final long LAST_BACKOFF_NANOS = 10_000_000_000L;

  private final Path path;
  private final FileStore fileStore;
  private final SystemCalls calls;
  private final StoreMarker marker;
  private long failures;
  private long backoffNanos;
  private long failedAtNanos;
  private @Nullable IOException failure;

  private Directory(Path path, FileStore fileStore, SystemCalls calls, StoreMarker marker) {
    this.path = path;
    this.fileStore = fileStore;
    this.calls = calls;
    this.marker = marker;
  }

  static Directory open(Path path, SystemCalls calls) throws IOException {
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      Files.createDirectories(path, OwnerOnly.DIRECTORY);
    }
    if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      throw new NotDirectoryException(path.toString());
    }
    Path real = path.toRealPath();
    StoreMarker.sweep(real);
    return new Directory(real, Files.getFileStore(real), calls, StoreMarker.make(real));
  }

  Path path() {
    return path;
  }

  Path newFile() {
    return marker.newFile();
  }

  /** Returns whether files here are memory, not disk. */
  boolean inMemory() {
    return fileStore.type().equals("tmpfs") || fileStore.type().equals("ramfs");
  }

  long usableBytes() throws IOException {
    return calls.usableBytes(fileStore);
  }

  /** Says that something here failed, for another reason than being full. */
  synchronized void failed(IOException e) {
    if (e instanceof StoreFullException) {
      return;
    }
    failures++;
    failure = e;
    failedAtNanos = System.nanoTime();
    backoffNanos =
        backoffNanos == 0 ? FIRST_BACKOFF_NANOS : Math.min(2 * backoffNanos, LAST_BACKOFF_NANOS);
  }

  /** Says that a file was made or written here. */
  synchronized void succeeded() {
    failure = null;
    backoffNanos = 0;
  }

  /** Returns how long this directory is to be left alone; 0 or less when it is not. */
  synchronized long leftAloneNanos() {
    return backoffNanos == 0 ? 0 : backoffNanos - (System.nanoTime() - failedAtNanos);
  }

  synchronized DirectoryStatus status() {
    return new DirectoryStatus(
        path,
        inMemory(),
        failure == null,
        failures,
        failure == null ? "" : String.valueOf(failure.getMessage()));
  }

  @Override
  public void close() throws IOException {
    marker.close();
  }
}
