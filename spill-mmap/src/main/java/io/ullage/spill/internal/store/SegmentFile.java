package io.ullage.spill.internal.store;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * One file of slots: fully allocated, without a name, written through the channel and read through
 * a mapping or, where an entry is large, through the channel.
 *
 * <p>Writing belongs to the spilling thread of the queue that has the file, reading to its fetching
 * thread. The count of live bytes decides when the file may be written from the start again: it is
 * guarded by the file's monitor. Every such rewind raises the generation, which each slot carries,
 * so that a slot of an earlier round is never taken for a new one.
 */
final class SegmentFile {
  /**
   * The unit of allocation and of mapping advice: the largest page size of the supported systems.
   */
  static final long PAGE_BYTES = 64 << 10;

  private final SystemCalls calls;
  private final FileChannel channel;
  private final long capacityBytes;
  private final Directory directory;
  private final Arena arena;
  private final MemorySegment mapping;
  private long generation = 1;
  private long writePosition;
  private long liveBytes;
  private boolean sealed;

  // A mapping outlives any one thread, and it is unmapped at most once per file: a shared arena's
  // price is paid rarely.
  SegmentFile(FileChannel channel, long capacityBytes, Directory directory, SystemCalls calls)
      throws IOException {
    this.calls = calls;
    this.channel = channel;
    this.capacityBytes = capacityBytes;
    this.directory = directory;
    this.arena = Arena.ofShared();
    try {
      this.mapping = calls.map(channel, capacityBytes, arena);
    } catch (IOException | RuntimeException e) {
      arena.close();
      throw e;
    }
  }

  Directory directory() {
    return directory;
  }

  long capacityBytes() {
    return capacityBytes;
  }

  MemorySegment mapping() {
    return mapping;
  }

  /** Takes room behind what was written last; returns the position, or −1 when there is none. */
  synchronized long take(long bytes) {
    if (sealed || capacityBytes - writePosition < bytes) {
      return -1;
    }
    long position = writePosition;
    writePosition += bytes;
    liveBytes += bytes;
    return position;
  }

  /** {@return the bytes behind what was written last} Only the spilling thread makes it less. */
  synchronized long roomBytes() {
    return capacityBytes - writePosition;
  }

  synchronized long generation() {
    return generation;
  }

  /** Gives back the room taken last, whose write failed. */
  synchronized void untake(long position, long bytes) {
    if (writePosition == position + bytes) {
      writePosition = position;
    }
    liveBytes -= bytes;
    rewindIfEmpty();
  }

  /**
   * Says that slots were consumed; returns whether the file is sealed and empty, which only one
   * call ever sees.
   */
  synchronized boolean consume(long bytes) {
    liveBytes -= bytes;
    return !rewindIfEmpty() && sealed && liveBytes == 0;
  }

  /** Says that nothing more will be written; returns whether the file is empty. */
  synchronized boolean seal() {
    sealed = true;
    return liveBytes == 0;
  }

  /** Makes an empty sealed file ready for its next use. */
  synchronized void reopen() {
    sealed = false;
    generation++;
    writePosition = 0;
  }

  private boolean rewindIfEmpty() {
    if (!sealed && liveBytes == 0 && writePosition > 0) {
      writePosition = 0;
      generation++;
      return true;
    }
    return false;
  }

  /** Writes all of the buffer at a position. */
  void write(ByteBuffer bytes, long position) throws IOException {
    long at = position;
    while (bytes.hasRemaining()) {
      at += calls.write(channel, bytes, at);
    }
  }

  /** Fills the buffer from a position; returns false where the file ends before. */
  boolean read(ByteBuffer bytes, long position) throws IOException {
    long at = position;
    while (bytes.hasRemaining()) {
      int read = calls.read(channel, bytes, at);
      if (read < 0) {
        return false;
      }
      at += read;
    }
    return true;
  }

  /** Whether the file still reaches so far: a page that cannot be read is then the disk's fault. */
  boolean reaches(long position) {
    try {
      return channel.size() >= position;
    } catch (IOException e) {
      return true;
    }
  }

  /**
   * Unmaps and closes; the disk space is free afterwards. Never on a caller's thread: 4–6 ms for 64
   * MiB.
   */
  void close() throws IOException {
    try {
      arena.close();
    } finally {
      channel.close();
    }
  }
}
