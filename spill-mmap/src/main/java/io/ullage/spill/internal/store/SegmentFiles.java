package io.ullage.spill.internal.store;

import io.ullage.spill.DirectoryStatus;
import io.ullage.spill.StoreFullException;
import io.ullage.spill.StoreUsage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Makes segment files, keeps some empty ones for their next use, and knows what they take.
 * Thread-safe.
 *
 * <p>A recycled file is worth keeping: its blocks are allocated and its pages are in the cache,
 * which makes writing to it twice as fast as to a newly allocated one and twenty times as fast as
 * to a new one.
 */
final class SegmentFiles implements AutoCloseable {
  /** Begins the names of all files; the sweep looks for it. */
  static final String NAME_PREFIX = "ullage-spill-";

  private static final int ENOENT = 2;
  private static final int ENOSPC = 28;
  private static final int EDQUOT = 122;
  private static final int ATTEMPTS = 3;

  private final List<Directory> directories;
  private final DiskBudget budget;
  private final MemoryCharge memory;
  private final SystemCalls calls;
  private final long segmentBytes;
  private final long recycledBytesMaximum;
  private final Deque<SegmentFile> empty = new ArrayDeque<>();
  private long emptyBytes;
  private long fileBytes;
  private boolean closed;

  SegmentFiles(
      List<Directory> directories,
      DiskBudget budget,
      MemoryCharge memory,
      SystemCalls calls,
      long segmentBytes,
      long recycledBytesMaximum) {
    this.directories = List.copyOf(directories);
    this.budget = budget;
    this.memory = memory;
    this.calls = calls;
    this.segmentBytes = segmentBytes;
    this.recycledBytesMaximum = recycledBytesMaximum;
  }

  long segmentBytes() {
    return segmentBytes;
  }

  SystemCalls calls() {
    return calls;
  }

  synchronized StoreUsage usage() {
    return new StoreUsage(fileBytes, fileBytes, memory.bytes());
  }

  /** Returns an empty file of at least this size, recycled if there is one. */
  SegmentFile acquire(long leastBytes) throws IOException {
    SegmentFile recycled = takeEmpty(leastBytes);
    if (recycled != null) {
      return recycled;
    }
    long least = (leastBytes + SegmentFile.PAGE_BYTES - 1) & -SegmentFile.PAGE_BYTES;
    IOException failure = null;
    for (Directory directory : inOrderOfTrial()) {
      try {
        SegmentFile made = create(directory, Math.max(least, segmentBytes), least);
        directory.succeeded();
        return made;
      } catch (IOException e) {
        directory.failed(e);
        if (failure == null) {
          failure = e;
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    throw failure != null ? failure : new IOException("no directory");
  }

  /**
   * Returns the directories that are not left alone, as they were named; where none is such, the
   * one whose time ends first, because the queue has a back-off of its own.
   */
  private List<Directory> inOrderOfTrial() {
    List<Directory> usable = new ArrayList<>(directories);
    usable.removeIf(directory -> directory.leftAloneNanos() > 0);
    return usable.isEmpty()
        ? List.of(Collections.min(directories, Comparator.comparingLong(Directory::leftAloneNanos)))
        : usable;
  }

  private synchronized @Nullable SegmentFile takeEmpty(long leastBytes) {
    checkOpen();
    for (Iterator<SegmentFile> files = empty.iterator(); files.hasNext(); ) {
      SegmentFile file = files.next();
      if (file.capacityBytes() >= leastBytes) {
        files.remove();
        emptyBytes -= file.capacityBytes();
        return file;
      }
    }
    return null;
  }

  /**
   * Takes back a file that is sealed and empty: keeps it, or closes it. Not on a caller's thread.
   */
  void recycle(SegmentFile file) {
    // Pages that the kernel mapped around those that were asked for would stay this process's.
    int ignored = calls.dropPages(file.mapping());
    if (file.capacityBytes() <= segmentBytes) {
      synchronized (this) {
        if (!closed && emptyBytes + file.capacityBytes() <= recycledBytesMaximum) {
          file.reopen();
          empty.push(file);
          emptyBytes += file.capacityBytes();
          return;
        }
      }
    }
    discard(file);
  }

  /** Closes a file, whatever is in it. Not on a caller's thread. */
  void discard(SegmentFile file) {
    try {
      file.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      giveBack(file.directory(), file.capacityBytes());
      closeIfEmpty();
    }
  }

  private SegmentFile create(Directory directory, long wantedBytes, long leastBytes)
      throws IOException {
    long bytes = budget.reserve(wantedBytes, leastBytes, directory::usableBytes);
    boolean counted = false;
    boolean made = false;
    try {
      count(directory, bytes);
      counted = true;
      SegmentFile file = allocate(directory, bytes);
      made = true;
      return file;
    } finally {
      if (counted && !made) {
        giveBack(directory, bytes);
      } else if (!made) {
        budget.release(bytes);
      }
    }
  }

  private void count(Directory directory, long bytes) throws StoreFullException {
    if (directory.inMemory()) {
      memory.add(bytes);
    }
    synchronized (this) {
      fileBytes += bytes;
    }
  }

  private void giveBack(Directory directory, long bytes) {
    if (directory.inMemory()) {
      memory.subtract(bytes);
    }
    synchronized (this) {
      fileBytes -= bytes;
    }
    budget.release(bytes);
  }

  /**
   * Makes a file, allocates all of it and takes its name away. Between making and unlinking
   * somebody may sweep the name away (see the sweep): then the file is made anew.
   */
  private SegmentFile allocate(Directory directory, long bytes) throws IOException {
    for (int attempt = 1; ; attempt++) {
      Path path = directory.newFile();
      FileChannel channel = calls.create(path);
      boolean kept = false;
      try {
        int error = calls.allocate(path, bytes);
        if (error == ENOENT && attempt < ATTEMPTS) {
          continue;
        }
        if (error == ENOSPC || error == EDQUOT) {
          throw new StoreFullException("no room for " + bytes + " bytes in " + directory.path());
        }
        if (error != 0) {
          fill(channel, bytes);
        }
        calls.unlink(path);
        SegmentFile file = new SegmentFile(channel, bytes, directory, calls);
        kept = true;
        return file;
      } finally {
        if (!kept) {
          channel.close();
          Files.deleteIfExists(path);
        }
      }
    }
  }

  /** Allocates by writing zeros: for systems and file systems without {@code fallocate}. */
  private void fill(FileChannel channel, long bytes) throws IOException {
    ByteBuffer zeros = ByteBuffer.allocateDirect((int) SegmentFile.PAGE_BYTES);
    try {
      for (long at = 0; at < bytes; ) {
        zeros.clear().limit((int) Math.min(zeros.capacity(), bytes - at));
        at += calls.write(channel, zeros, at);
      }
    } catch (IOException e) {
      throw translated(e);
    }
  }

  /** Returns the typed exception for a full device, or the exception itself. */
  static IOException translated(IOException e) {
    String message = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
    return message.contains("no space left") || message.contains("quota exceeded")
        ? new StoreFullException("device full: " + e.getMessage(), e)
        : e;
  }

  List<DirectoryStatus> directories() {
    return directories.stream().map(Directory::status).toList();
  }

  synchronized void checkOpen() {
    if (closed) {
      throw new IllegalStateException("the store is closed");
    }
  }

  @Override
  public void close() {
    List<SegmentFile> rest;
    synchronized (this) {
      closed = true;
      rest = List.copyOf(empty);
      empty.clear();
      emptyBytes = 0;
    }
    rest.forEach(this::discard);
    for (Directory directory : directories) {
      try {
        directory.close();
      } catch (IOException e) {
        // A marker that stays is swept when the directory is opened next.
        directory.failed(e);
      }
    }
    closeIfEmpty();
  }

  /** The charge for files in memory ends with the last of them. */
  private void closeIfEmpty() {
    synchronized (this) {
      if (!closed || fileBytes > 0) {
        return;
      }
    }
    memory.close();
  }
}
