package io.ullage.spill.internal.store;

import io.ullage.spill.FetchTarget;
import io.ullage.spill.SpillBatch;
import io.ullage.spill.SpillSession;
import io.ullage.spill.SpilledRun;
import io.ullage.spill.StoreUsage;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One queue's use of segment files: the spilling thread fills the current file, the fetching thread
 * empties files in the same order. What both touch is the set of files, under this object's
 * monitor, and each file's count of who uses it, which says who gives it back ({@link
 * SegmentFile#retire}).
 */
final class MappedSession implements SpillSession {
  private final SegmentFiles files;
  private final long queueId;
  private final SlotWriter writer;
  private final SlotHeader readHeader = new SlotHeader();
  private final Set<SegmentFile> held = new HashSet<>();
  private @Nullable SegmentFile current;
  private boolean closed;

  MappedSession(SegmentFiles files, long queueId) {
    this.files = files;
    this.queueId = queueId;
    this.writer = new SlotWriter(queueId);
  }

  @Override
  public long largestBatchBytes() {
    return files.segmentBytes();
  }

  @Override
  public SpilledRun spill(SpillBatch whole) throws IOException {
    SpillBatch batch = whole;
    long bytes = SlotWriter.framedBytes(batch);
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
        bytes = SlotWriter.framedBytes(batch);
      }
      position = file.take(bytes);
    }
    boolean written = false;
    try {
      // The generation cannot change while bytes of the file are live, and these are since take.
      long generation = file.generation();
      writer.write(file, generation, position, batch);
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
    file.seal();
    if (file.retire() && giveUp(file)) {
      files.discard(file);
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
    if (full != null) {
      full.seal();
      giveBackIfUnused(full);
    }
    return next;
  }

  @Override
  public int fetch(SpilledRun spilled, FetchTarget target) throws IOException {
    MappedRun run = (MappedRun) spilled;
    int committed = 0;
    try (SlotReader reader =
        new SlotReader(files.calls(), queueId, readHeader, target, this::giveBackIfUnused)) {
      while (run.hasNext()) {
        MemorySegment memory = target.next(run.nextBytes());
        if (memory == null) {
          break;
        }
        reader.read(run, memory);
        target.commit();
        committed++;
        SegmentFile file = run.file();
        if (file.consume(run.advance())) {
          reader.leave(file);
          giveBackIfUnused(file);
        }
      }
    }
    return committed;
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
      giveBackIfUnused(file);
    }
  }

  private void giveBackIfUnused(SegmentFile file) {
    if (file.retire() && giveUp(file)) {
      files.recycle(file);
    }
  }

  /** Returns false when the session was closed, which gives back all that was held. */
  private synchronized boolean giveUp(SegmentFile file) {
    return held.remove(file);
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
