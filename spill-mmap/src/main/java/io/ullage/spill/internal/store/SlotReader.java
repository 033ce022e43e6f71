package io.ullage.spill.internal.store;

import io.ullage.spill.FetchTarget;
import io.ullage.spill.SpillDamageException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Brings slots back into private memory and checks the copy, because the file may lose pages at any
 * time. Confined to the fetching thread, for the length of one fetch.
 *
 * <p>Small entries are copied through the mapping: one call brings the pages of many in. Large ones
 * are read through the channel straight to where they belong, which spares bringing their pages
 * into this process and taking them out again; so are small ones where the pages that would be
 * brought in have no room in the queue's memory, or one of them cannot be read.
 */
final class SlotReader implements AutoCloseable {
  /**
   * 64 KiB: from here on two calls for an entry cost less than the pages of its mapping, which are
   * a quarter of the time of a copy.
   */
  static final long POSITIONAL_BYTES = 64 << 10;

  /**
   * How far ahead of the slot in hand pages are brought in: one call for many small slots, 64 µs of
   * copying.
   */
  private static final long POPULATE_BYTES = 1 << 20;

  /**
   * 2 MiB, the largest folio of the page cache. Since Linux 6.18 all of a folio is mapped with any
   * of its pages; it lies in the file at a multiple of its size.
   */
  private static final long FOLIO_BYTES = 2 << 20;

  /**
   * Kernels before 5.14 do not know the advice; reading works there too, a page fault at a time.
   */
  private static final int EINVAL_OLD_KERNEL = 22;

  private final SystemCalls calls;
  private final long queueId;
  private final SlotHeader slotHeader;
  private final FetchTarget target;
  private final Consumer<SegmentFile> onLeft;
  private final Arena arena = Arena.ofConfined();
  private final MemorySegment header = arena.allocate(SlotHeader.BYTES, SlotHeader.BYTES);
  private final ByteBuffer headerBytes = header.asByteBuffer();
  private @Nullable SegmentFile populatedFile;
  private long populatedFrom;
  private long populatedTo;

  /**
   * Makes a reader.
   *
   * @param onLeft told of each file of which no page is in use any more
   */
  SlotReader(
      SystemCalls calls,
      long queueId,
      SlotHeader slotHeader,
      FetchTarget target,
      Consumer<SegmentFile> onLeft) {
    this.target = target;
    this.onLeft = onLeft;
    this.calls = calls;
    this.queueId = queueId;
    this.slotHeader = slotHeader;
  }

  /** Copies the next slot of a run to memory of the entry's size. */
  void read(MappedRun run, MemorySegment memory) throws IOException {
    long sequence = run.nextSequence();
    if (memory.byteSize() < POSITIONAL_BYTES
        && populate(run.file(), run.nextPosition(), memory.byteSize())) {
      copyFromMapping(run.file(), run.nextPosition(), sequence, memory);
    } else {
      readThroughChannel(run.file(), run.nextPosition(), sequence, memory);
    }
    int expected =
        slotHeader.check(
            header, headerBytes, queueId, sequence, run.generation(), memory.byteSize());
    int found = slotHeader.crcOf(memory);
    if (found != expected) {
      throw new SpillDamageException(
          sequence,
          "the checksum of its "
              + memory.byteSize()
              + " bytes is "
              + Integer.toHexString(found)
              + ", written was "
              + Integer.toHexString(expected));
    }
  }

  private void readThroughChannel(
      SegmentFile file, long position, long sequence, MemorySegment memory) throws IOException {
    boolean whole = file.read(headerBytes.clear(), position);
    long payload = position + SlotHeader.BYTES;
    for (long at = 0; whole && at < memory.byteSize(); at += Integer.MAX_VALUE) {
      long part = Math.min(memory.byteSize() - at, Integer.MAX_VALUE);
      whole = file.read(memory.asSlice(at, part).asByteBuffer(), payload + at);
    }
    if (!whole) {
      throw new SpillDamageException(sequence, "a part of its file is missing");
    }
  }

  private void copyFromMapping(SegmentFile file, long position, long sequence, MemorySegment memory)
      throws IOException {
    long end = position + SlotHeader.BYTES + memory.byteSize();
    try {
      MemorySegment mapping = file.mapping();
      MemorySegment.copy(mapping, position, header, 0, SlotHeader.BYTES);
      MemorySegment.copy(mapping, position + SlotHeader.BYTES, memory, 0, memory.byteSize());
    } catch (InternalError missingPage) {
      throw file.reaches(end)
          ? new IOException("a page of entry " + sequence + " cannot be read", missingPage)
          : new SpillDamageException(sequence, "a page of its file is missing", missingPage);
    }
  }

  /**
   * Brings the pages of a slot in, and more behind it; returns false when they have no room, or one
   * of them cannot be read. Which slot that concerns, if any, is found out by reading each alone.
   */
  private boolean populate(SegmentFile file, long from, long byteSize) {
    long to = from + SlotHeader.BYTES + byteSize;
    if (file == populatedFile && from >= populatedFrom && to <= populatedTo) {
      return true;
    }
    dropPages();
    long start = from & -SegmentFile.PAGE_BYTES;
    long end = Math.max(to, Math.min(from + POPULATE_BYTES, file.capacityBytes()));
    end =
        Math.min(
            (end + SegmentFile.PAGE_BYTES - 1) & -SegmentFile.PAGE_BYTES, file.capacityBytes());
    if (!target.chargeMapped(end - start)) {
      return false;
    }
    file.beginView();
    populatedFile = file;
    populatedFrom = start;
    populatedTo = end;
    int error = calls.populateRead(file.mapping().asSlice(start, end - start));
    if (error > 0 && error != EINVAL_OLD_KERNEL) {
      dropPages();
      return false;
    }
    return true;
  }

  /** Ends the view of a file of which no page is needed any more. */
  void leave(SegmentFile file) {
    if (file == populatedFile) {
      dropPages();
    }
  }

  private void dropPages() {
    SegmentFile file = populatedFile;
    if (file != null) {
      populatedFile = null;
      long from = populatedFrom & -FOLIO_BYTES;
      long to = Math.min((populatedTo + FOLIO_BYTES - 1) & -FOLIO_BYTES, file.capacityBytes());
      try {
        int ignored = calls.dropPages(file.mapping().asSlice(from, to - from));
      } finally {
        file.endView();
        onLeft.accept(file);
      }
    }
  }

  @Override
  public void close() {
    try {
      dropPages();
    } finally {
      arena.close();
    }
  }
}
