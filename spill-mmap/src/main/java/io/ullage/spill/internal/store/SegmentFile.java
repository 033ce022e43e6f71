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
 *
 * <p>A file is given back, for its next use or to be unmapped, when nobody uses it any more. Three
 * things use it, all guarded by the monitor:
 *
 * <ul>
 *   <li>the spilling thread, until {@link #seal};
 *   <li>bytes that are live, from {@link #take} until {@link #consume} or {@link #untake}: the
 *       entry that is being fetched is among them until its copy is whole;
 *   <li>the fetching thread's view, pages of the mapping that it has in this process and takes out
 *       again, from {@link #beginView} until {@link #endView}. It begins at a live entry and often
 *       outlives it: a file whose last entry was read may be sealed at any moment after.
 * </ul>
 *
 * <p>Whoever ends one of the three then asks {@link #retire}, and gives the file back if told so;
 * exactly one call is, whichever thread comes last. Without an answer from there nobody may unmap,
 * except when the session is closed, after both threads.
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
  private boolean viewed;
  private boolean retired;

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

  /** Says that slots were consumed; returns whether the file is sealed and empty. */
  synchronized boolean consume(long bytes) {
    liveBytes -= bytes;
    rewindIfEmpty();
    return sealed && liveBytes == 0;
  }

  /** Says that nothing more will be written. */
  synchronized void seal() {
    sealed = true;
  }

  /** Keeps the mapping, for pages of a live entry and behind it. Fetching thread. */
  synchronized void beginView() {
    viewed = true;
  }

  /** Says that no page of the mapping is used any more. Fetching thread. */
  synchronized void endView() {
    viewed = false;
  }

  /** Whether the caller is to give the file back, because nobody uses it: true once per use. */
  synchronized boolean retire() {
    if (!sealed || liveBytes > 0 || viewed || retired) {
      return false;
    }
    retired = true;
    return true;
  }

  /** Makes a file that was given back ready for its next use, whatever was left in it. */
  synchronized void reopen() {
    sealed = false;
    retired = false;
    generation++;
    writePosition = 0;
    liveBytes = 0;
  }

  private void rewindIfEmpty() {
    if (!sealed && liveBytes == 0 && writePosition > 0) {
      writePosition = 0;
      generation++;
    }
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
   * Unmaps and closes; the disk space is free afterwards. Only by who gives the file back; never on
   * a caller's thread: 4–6 ms for 64 MiB.
   */
  void close() throws IOException {
    try {
      arena.close();
    } finally {
      channel.close();
    }
  }
}
