package io.ullage.lease.internal;

import io.ullage.lease.LeaseStoreException;
import io.ullage.lease.StoreFault;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/**
 * A generation file as this store maps it itself, beside Chronicle Map: with a scope of its own, so
 * that use after close is an exception, and without Chronicle Map as long as no key is inserted.
 */
final class RecordFile implements AutoCloseable {
  private final Path path;
  private final long number;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment memory;

  private RecordFile(Path path, long number, long bytes) throws IOException {
    this.path = path;
    this.number = number;
    boolean mapped = false;
    try (FileChannel channel =
        FileChannel.open(
            path,
            Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS))) {
      if (channel.size() != bytes) {
        throw new LeaseStoreException(
            StoreFault.DAMAGED,
            "the lease store's file "
                + path
                + " has "
                + channel.size()
                + " bytes instead of "
                + bytes
                + "; rebuild it");
      }
      memory = channel.map(FileChannel.MapMode.READ_WRITE, 0, bytes, arena);
      mapped = true;
    } finally {
      if (!mapped) {
        arena.close();
      }
    }
  }

  static RecordFile open(Path path, long number, long bytes) throws IOException {
    return new RecordFile(path, number, bytes);
  }

  long number() {
    return number;
  }

  Path path() {
    return path;
  }

  /** A search for its records that begins at its beginning. */
  RecordSearch search() {
    return new RecordSearch(memory, path);
  }

  /** Unmaps the file; records of it throw from now on. */
  @Override
  public void close() {
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }
}
