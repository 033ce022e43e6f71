package io.ullage.tool.spill;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;

/**
 * What the entries are filled with: the entry's number, then random bytes from a place that depends
 * on it. Filling and verifying cost a copy and a comparison.
 */
final class ChunkPattern {
  private static final int STEP = 64;
  private static final int STEPS = 64;

  private final MemorySegment template;

  ChunkPattern(int chunkBytes) {
    byte[] random = new byte[chunkBytes + STEP * STEPS];
    new SplittableRandom(chunkBytes).nextBytes(random);
    template = MemorySegment.ofArray(random);
  }

  void fill(MemorySegment chunk, long number) {
    MemorySegment.copy(template, offset(number), chunk, 0, chunk.byteSize());
    if (chunk.byteSize() >= Long.BYTES) {
      chunk.set(ValueLayout.JAVA_LONG_UNALIGNED, 0, number);
    }
  }

  /** Returns the number that stands in an entry. */
  static long numberOf(MemorySegment chunk) {
    return chunk.get(ValueLayout.JAVA_LONG_UNALIGNED, 0);
  }

  /** Whether everything behind the number is as it was filled. */
  boolean matches(MemorySegment chunk, long number) {
    long offset = offset(number);
    return MemorySegment.mismatch(
            template,
            offset + Long.BYTES,
            offset + chunk.byteSize(),
            chunk,
            Long.BYTES,
            chunk.byteSize())
        == -1;
  }

  private static long offset(long number) {
    return number % STEPS * STEP;
  }
}
