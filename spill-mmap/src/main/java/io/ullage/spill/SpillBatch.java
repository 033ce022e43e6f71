package io.ullage.spill;

import java.lang.foreign.MemorySegment;
import java.util.Objects;
import java.util.Optional;

/**
 * Consecutive entries on their way to a store, in memory that nobody else writes while the store
 * works on it.
 *
 * <p>The entries of a framed batch lie in one piece of memory, each behind a gap that the store may
 * use for a header of its own, so that all of it can be written by one call:
 *
 * <pre>
 *   frame:  | gap 64 | entry 0 … pad | gap 64 | entry 1 … pad | …
 *           ^ every gap and every entry begins at a multiple of 64
 * </pre>
 *
 * <p>A batch without a frame has one entry, too large to be copied. Valid during the call to {@link
 * SpillSession#spill} only, on its thread only.
 */
public final class SpillBatch {
  /** Size in bytes of the gap before each entry of a frame, and the alignment of gap and entry. */
  public static final int GAP_BYTES = 64;

  private final long firstSequence;
  private final MemorySegment memory;
  private final long[] byteSizes;
  private final int count;
  private final boolean framed;
  private final long payloadBytes;

  private SpillBatch(
      long firstSequence, MemorySegment memory, long[] byteSizes, int count, boolean framed) {
    this.firstSequence = firstSequence;
    this.memory = memory;
    this.byteSizes = byteSizes;
    this.count = count;
    this.framed = framed;
    long sum = 0;
    for (int i = 0; i < count; i++) {
      sum += byteSizes[i];
    }
    this.payloadBytes = sum;
  }

  /**
   * Makes a batch over a frame.
   *
   * @param firstSequence the number of the first entry
   * @param frame native memory laid out as above, 64-byte aligned
   * @param byteSizes sizes of the entries; not copied
   * @param count how many of the sizes count, at least 1
   * @return the batch
   */
  public static SpillBatch framed(
      long firstSequence, MemorySegment frame, long[] byteSizes, int count) {
    Objects.checkIndex(0, count);
    Objects.checkFromIndexSize(0, count, byteSizes.length);
    return new SpillBatch(
        firstSequence, Objects.requireNonNull(frame, "frame"), byteSizes, count, true);
  }

  /**
   * Makes a batch of one entry.
   *
   * @param sequence the number of the entry
   * @param entry native memory that holds exactly the entry
   * @return the batch
   */
  public static SpillBatch single(long sequence, MemorySegment entry) {
    return new SpillBatch(sequence, entry, new long[] {entry.byteSize()}, 1, false);
  }

  /**
   * {@return the size in bytes that an entry takes in a frame, gap and padding included}
   *
   * @param byteSize the size of the entry in bytes
   */
  public static long framedSize(long byteSize) {
    return GAP_BYTES + ((byteSize + GAP_BYTES - 1) & -GAP_BYTES);
  }

  /** {@return the number of entries} */
  public int count() {
    return count;
  }

  /**
   * {@return the number of the first entry, counted from 0 in the order of the offers; the others
   * follow without a hole}
   */
  public long firstSequence() {
    return firstSequence;
  }

  /** {@return the sum of the entries' sizes in bytes} */
  public long payloadBytes() {
    return payloadBytes;
  }

  /**
   * {@return the size in bytes of an entry}
   *
   * @param index which entry, from 0
   */
  public long byteSize(int index) {
    return byteSizes[Objects.checkIndex(index, count)];
  }

  /**
   * {@return the frame from the first gap to the last padding; empty for a batch of one large
   * entry}
   */
  public Optional<MemorySegment> frame() {
    return framed ? Optional.of(memory.asSlice(0, frameBytes())) : Optional.empty();
  }

  /**
   * {@return an entry's bytes} Costs a walk over the entries before it: use it in order, or for
   * few.
   *
   * @param index which entry, from 0
   */
  public MemorySegment entry(int index) {
    Objects.checkIndex(index, count);
    if (!framed) {
      return memory;
    }
    long offset = 0;
    for (int i = 0; i < index; i++) {
      offset += framedSize(byteSizes[i]);
    }
    return memory.asSlice(offset + GAP_BYTES, byteSizes[index]);
  }

  private long frameBytes() {
    long sum = 0;
    for (int i = 0; i < count; i++) {
      sum += framedSize(byteSizes[i]);
    }
    return sum;
  }

  @Override
  public String toString() {
    return "SpillBatch["
        + count
        + " entries from "
        + firstSequence
        + ", "
        + payloadBytes
        + " bytes]";
  }
}
