package io.ullage.spill.codec;

import io.ullage.spill.SpilledRun;
import java.util.Arrays;

/**
 * The other store's run, and how large its entries were. An entry that was stored as it is has its
 * size negated, less one, so that zero has a sign too.
 */
final class CompressedRun implements SpilledRun {
  private final SpilledRun inner;
  private final long firstSequence;
  private final long[] sizes;
  private int index;

  CompressedRun(SpilledRun inner, long firstSequence, long[] sizes) {
    this.inner = inner;
    this.firstSequence = firstSequence;
    this.sizes = Arrays.copyOf(sizes, inner.takenEntries());
  }

  static long asItIs(long byteSize) {
    return -byteSize - 1;
  }

  SpilledRun inner() {
    return inner;
  }

  @Override
  public int takenEntries() {
    return sizes.length;
  }

  boolean hasNext() {
    return index < sizes.length;
  }

  long nextSequence() {
    return firstSequence + index;
  }

  boolean isNextCompressed() {
    return sizes[index] >= 0;
  }

  long nextBytes() {
    return sizes[index] >= 0 ? sizes[index] : -(sizes[index] + 1);
  }

  void advance() {
    index++;
  }
}
