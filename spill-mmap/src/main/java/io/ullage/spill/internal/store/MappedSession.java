package io.ullage.spill.internal.store;

import io.ullage.spill.FetchTarget;
import io.ullage.spill.SpillBatch;
import io.ullage.spill.SpillDamageException;
import io.ullage.spill.SpillSession;
import io.ullage.spill.SpilledRun;
import io.ullage.spill.StoreUsage;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One queue's use of segment files: the spilling thread fills the current file, the fetching thread
 * empties files in the same order. What both touch is the set of files, under this object's
 * monitor, and each file's live count.
 */
final class MappedSession implements SpillSession {
  /**
   * How far ahead of the slot in hand pages are brought in: one call for many small slots, 64 µs of
   * copying.
   */
  private static final long POPULATE_BYTES = 1 << 20;

  private final SegmentFiles files;
  private final long queueId;
  private final SlotHeader writeHeader = new SlotHeader();
  private final SlotHeader readHeader = new SlotHeader();
  private final Set<SegmentFile> held = new HashSet<>();
  private @Nullable SegmentFile current;
  private @Nullable SegmentFile populatedFile;
  private long populatedFrom;
  private long populatedTo;
  private boolean closed;

  MappedSession(SegmentFiles files, long queueId) {
    this.files = files;
    this.queueId = queueId;
  }

  @Override
  public long largestBatchBytes() {
    return files.segmentBytes();
  }

  @Override
  public SpilledRun spill(SpillBatch whole) throws IOException {
    SpillBatch batch = whole;
    long bytes = framedBytes(batch);
    SegmentFile file = current;
    long position = file == null ? -1 : file.take(bytes);
    if (file == null || position < 0) {
      try {
        file = nextFile(bytes);
      } catch (IOException noFile) {
        if (file == null) {
          throw noFile;
        }
        batch = whatFits(whole, file, noFile);
        bytes = framedBytes(batch);
      }
      position = file.take(bytes);
    }
    boolean written = false;
    try {
      // The generation cannot change while bytes of the file are live, and these are since take.
      long generation = file.generation();
      MemorySegment frame = batch.frame().orElse(null);
      if (frame != null) {
        writeFrame(file, generation, position, batch, frame);
      } else {
        writeSingle(file, generation, position, batch);
      }
      MappedRun run = new MappedRun(file, generation, position, batch);
      written = true;
      return run;
    } catch (IOException e) {
      IOException failure = SegmentFiles.translated(e);
      file.directory().failed(failure);
      throw failure;
    } finally {
      if (!written) {
        file.untake(position, bytes);
        leave(file);
      }
    }
  }

  /** Writes no more to a file that failed, so that the next one is made where disks are sound. */
  private void leave(SegmentFile file) {
    synchronized (this) {
      if (current != file) {
        return;
      }
      current = null;
    }
    if (file.seal()) {
      boolean ours;
      synchronized (this) {
        ours = held.remove(file);
      }
      if (ours) {
        files.discard(file);
      }
    }
  }

  /** Returns the first part of a batch, as much as the rest of the current file holds. */
  private static SpillBatch whatFits(SpillBatch whole, SegmentFile file, IOException noFile)
      throws IOException {
    MemorySegment frame = whole.frame().orElse(null);
    if (frame == null) {
      throw noFile;
    }
    long room = file.roomBytes();
    long[] sizes = new long[whole.count()];
    int fitting = 0;
    for (long used = 0; fitting < whole.count(); fitting++) {
      sizes[fitting] = whole.byteSize(fitting);
      used += SpillBatch.framedSize(sizes[fitting]);
      if (used > room) {
        break;
      }
    }
    if (fitting == 0) {
      throw noFile;
    }
    return SpillBatch.framed(whole.firstSequence(), frame, sizes, fitting);
  }

  private static long framedBytes(SpillBatch batch) {
    long bytes = 0;
    for (int i = 0; i < batch.count(); i++) {
      bytes += SpillBatch.framedSize(batch.byteSize(i));
    }
    return bytes;
  }

  private SegmentFile nextFile(long leastBytes) throws IOException {
    SegmentFile next = files.acquire(leastBytes);
    SegmentFile full;
    synchronized (this) {
      if (closed) {
        files.discard(next);
        throw new IOException("the session is closed");
      }
      held.add(next);
      full = current;
      current = next;
    }
    if (full != null && full.seal()) {
      giveBack(full);
    }
    return next;
  }

  private void writeFrame(
      SegmentFile file, long generation, long position, SpillBatch batch, MemorySegment frame)
      throws IOException {
    ByteBuffer bytes = frame.asByteBuffer();
    int offset = 0;
    for (int i = 0; i < batch.count(); i++) {
      int length = (int) batch.byteSize(i);
      int crc = writeHeader.crcOf(bytes, offset + SlotHeader.BYTES, length);
      writeHeader.write(
          frame, bytes, offset, queueId, batch.firstSequence() + i, generation, length, crc);
      offset += (int) SpillBatch.framedSize(length);
    }
    file.write(bytes.clear(), position);
  }

  private void writeSingle(SegmentFile file, long generation, long position, SpillBatch batch)
      throws IOException {
    MemorySegment entry = batch.entry(0);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment header = arena.allocate(SlotHeader.BYTES, SlotHeader.BYTES);
      ByteBuffer headerBytes = header.asByteBuffer();
      int crc = writeHeader.crcOf(entry);
      writeHeader.write(
          header,
          headerBytes,
          0,
          queueId,
          batch.firstSequence(),
          generation,
          entry.byteSize(),
          crc);
      file.write(headerBytes.clear(), position);
    }
    long payload = position + SlotHeader.BYTES;
    for (long at = 0; at < entry.byteSize(); at += Integer.MAX_VALUE) {
      long part = Math.min(entry.byteSize() - at, Integer.MAX_VALUE);
      file.write(entry.asSlice(at, part).asByteBuffer(), payload + at);
    }
  }

  @Override
  public int fetch(SpilledRun spilled, FetchTarget target) throws IOException {
    MappedRun run = (MappedRun) spilled;
    int committed = 0;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment header = arena.allocate(SlotHeader.BYTES, SlotHeader.BYTES);
      ByteBuffer headerBytes = header.asByteBuffer();
      while (run.hasNext()) {
        MemorySegment memory = target.next(run.nextBytes());
        if (memory == null) {
          break;
        }
        read(run, header, headerBytes, memory);
        target.commit();
        committed++;
        step(run);
      }
    } finally {
      dropPages();
    }
    return committed;
  }

  /**
   * Copies the next slot through the mapping and checks the copy: the mapping itself may lose pages
   * at any time.
   */
  private void read(
      MappedRun run, MemorySegment header, ByteBuffer headerBytes, MemorySegment memory)
      throws IOException {
    SegmentFile file = run.file();
    MemorySegment mapping = file.mapping();
    long position = run.nextPosition();
    long length = run.nextBytes();
    long sequence = run.nextSequence();
    populate(file, position, position + SlotHeader.BYTES + length, sequence);
    int expected;
    try {
      MemorySegment.copy(mapping, position, header, 0, SlotHeader.BYTES);
      MemorySegment.copy(mapping, position + SlotHeader.BYTES, memory, 0, length);
    } catch (InternalError missingPage) {
      throw file.reaches(position + SlotHeader.BYTES + length)
          ? new IOException("a page of entry " + sequence + " cannot be read", missingPage)
          : new SpillDamageException(sequence, "a page of its file is missing", missingPage);
    }
    expected = readHeader.check(header, headerBytes, queueId, sequence, run.generation(), length);
    int found = readHeader.crcOf(memory);
    if (found != expected) {
      throw new SpillDamageException(
          sequence,
          "the checksum of its "
              + length
              + " bytes is "
              + Integer.toHexString(found)
              + ", written was "
              + Integer.toHexString(expected));
    }
  }

  private void populate(SegmentFile file, long from, long to, long sequence) throws IOException {
    if (file == populatedFile && from >= populatedFrom && to <= populatedTo) {
      return;
    }
    dropPages();
    long start = from & -SegmentFile.PAGE_BYTES;
    long end = Math.max(to, Math.min(from + POPULATE_BYTES, file.capacityBytes()));
    end =
        Math.min(
            (end + SegmentFile.PAGE_BYTES - 1) & -SegmentFile.PAGE_BYTES, file.capacityBytes());
    int error = files.calls().populateRead(file.mapping().asSlice(start, end - start));
    populatedFile = file;
    populatedFrom = start;
    populatedTo = end;
    if (error > 0 && error != EINVAL_OLD_KERNEL) {
      populatedFile = null;
      String what = "its pages cannot be read, errno " + error;
      throw file.reaches(to)
          ? new IOException("entry " + sequence + ": " + what)
          : new SpillDamageException(sequence, what);
    }
  }

  /**
   * Kernels before 5.14 do not know the advice; reading works there too, a page fault at a time.
   */
  private static final int EINVAL_OLD_KERNEL = 22;

  private void dropPages() {
    SegmentFile file = populatedFile;
    if (file != null) {
      files.calls().dropPages(file.mapping().asSlice(populatedFrom, populatedTo - populatedFrom));
      populatedFile = null;
    }
  }

  @Override
  public long discardFirst(SpilledRun spilled, int entries) {
    MappedRun run = (MappedRun) spilled;
    long bytes = 0;
    for (int i = 0; i < entries && run.hasNext(); i++) {
      bytes += run.nextBytes();
      step(run);
    }
    return bytes;
  }

  @Override
  public void release(SpilledRun spilled) {
    discardFirst(spilled, Integer.MAX_VALUE);
  }

  @Override
  public StoreUsage usage() {
    long bytes = 0;
    long memoryBytes = 0;
    synchronized (this) {
      for (SegmentFile file : held) {
        bytes += file.capacityBytes();
        memoryBytes += file.directory().inMemory() ? file.capacityBytes() : 0;
      }
    }
    return new StoreUsage(bytes, bytes, memoryBytes);
  }

  private void step(MappedRun run) {
    SegmentFile file = run.file();
    if (file.consume(run.advance())) {
      if (file == populatedFile) {
        dropPages();
      }
      giveBack(file);
    }
  }

  private void giveBack(SegmentFile file) {
    boolean ours;
    synchronized (this) {
      ours = held.remove(file);
    }
    if (ours) {
      files.recycle(file);
    }
  }

  @Override
  public void close() {
    Set<SegmentFile> rest;
    synchronized (this) {
      closed = true;
      rest = Set.copyOf(held);
      held.clear();
      current = null;
    }
    for (SegmentFile file : rest) {
      file.seal();
      files.recycle(file);
    }
  }
}
