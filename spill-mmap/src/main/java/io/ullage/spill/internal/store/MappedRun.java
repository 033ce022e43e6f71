package io.ullage.spill.internal.store;

import io.ullage.spill.SpillBatch;
import io.ullage.spill.SpilledRun;
import org.jspecify.annotations.Nullable;

/**
 * Consecutive slots in one segment file. The lengths are kept here, and only once where all are
 * equal, so that one damaged header costs one entry and not all behind it.
 */
final class MappedRun implements SpilledRun {
  private final SegmentFile file;
  private final long generation;
  private final int taken;
  private final long uniformBytes;
  private final int @Nullable [] byteSizes;
  private long nextSequence;
  private long nextPosition;
  private int index;

  MappedRun(SegmentFile file, long generation, long position, SpillBatch batch) {
    this.file = file;
    this.generation = generation;
    this.nextPosition = position;
    this.nextSequence = batch.firstSequence();
    this.taken = batch.count();
    this.uniformBytes = batch.byteSize(0);
    this.byteSizes = isUniform(batch) ? null : sizes(batch);
  }

  private static boolean isUniform(SpillBatch batch) {
    for (int i = 1; i < batch.count(); i++) {
      if (batch.byteSize(i) != batch.byteSize(0)) {
        return false;
      }
    }
    return true;
  }

  // A batch of several entries is a frame, and a frame fits an int.
  private static int[] sizes(SpillBatch batch) {
    int[] sizes = new int[batch.count()];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = Math.toIntExact(batch.byteSize(i));
    }
    return sizes;
  }

  @Override
  public int takenEntries() {
    return taken;
  }

  SegmentFile file() {
    return file;
  }

  long generation() {
    return generation;
  }

  boolean hasNext() {
    return index < taken;
  }

  long nextSequence() {
    return nextSequence;
  }

  long nextPosition() {
    return nextPosition;
  }

  long nextBytes() {
    return byteSizes == null ? uniformBytes : byteSizes[index];
  }

  /** Steps over the next slot; returns the bytes that it takes in the file. */
  long advance() {
    long slotBytes = SpillBatch.framedSize(nextBytes());
    nextPosition += slotBytes;
    nextSequence++;
    index++;
    return slotBytes;
  }
}
