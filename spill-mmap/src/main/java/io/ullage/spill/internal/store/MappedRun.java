package io.ullage.spill.internal.store;

import io.ullage.spill.SpillBatch;
import io.ullage.spill.SpilledRun;

/**
 * Consecutive slots in one segment file. The lengths are kept here, so that one damaged header
 * costs one entry and not all behind it.
 */
final class MappedRun implements SpilledRun {
  private final SegmentFile file;
  private final long generation;
  private final EntrySizes sizes;
  private long nextSequence;
  private long nextPosition;
  private int index;

  MappedRun(SegmentFile file, long generation, long position, SpillBatch batch) {
    this.file = file;
    this.generation = generation;
    this.nextPosition = position;
    this.nextSequence = batch.firstSequence();
    this.sizes = new EntrySizes(batch);
  }

  @Override
  public int takenEntries() {
    return sizes.count();
  }

  SegmentFile file() {
    return file;
  }

  long generation() {
    return generation;
  }

  boolean hasNext() {
    return index < sizes.count();
  }

  long nextSequence() {
    return nextSequence;
  }

  long nextPosition() {
    return nextPosition;
  }

  long nextBytes() {
    return sizes.byteSize(index);
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
