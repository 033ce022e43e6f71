package io.ullage.alloc.internal;

/**
 * How many bytes of chunks are worth keeping: as many as were in use at a recent peak, and some.
 *
 * <p>Memory that was in use a moment ago is likely to be wanted again, so it stays for the time
 * that the pool was told. What lies above the peak was not needed even then: a change of sizes has
 * left it behind, and keeping it for that time would cost a multiple of what is live. The pool
 * looks at it whenever chunks have come and gone, so a program whose memory does not change pays
 * nothing.
 *
 * <p>Used by the pool's own thread only.
 */
final class Surplus {
  /** What a program of any size may have: a large chunk being filled and one being emptied. */
  static final long ALLOWANCE_BYTES = 2L * SizeClasses.LARGE_CHUNK_BYTES;

  /**
   * A quarter above the peak: slots are taken in chunks, and live ones lie scattered. An eighth of
   * it may be chunks that are empty, so that those which come and go are not mapped each time.
   */
  private static final int ABOVE_PEAK_SHIFT = 2;

  private static final int EMPTY_SHIFT = 3;

  private long peakBytes;
  private long peakBytesBefore;

  /** Begins the next half of the time for which memory is kept. */
  void beginInterval() {
    peakBytesBefore = peakBytes;
    peakBytes = 0;
  }

  /** Notes what is in use now. */
  void note(long usedBytes) {
    peakBytes = Math.max(peakBytes, usedBytes);
  }

  /** Bytes of chunks that may stay. */
  long keepBytes() {
    long peak = recentPeakBytes();
    return peak + (peak >> ABOVE_PEAK_SHIFT) + ALLOWANCE_BYTES;
  }

  /** Bytes of empty chunks that may stay, however much there is of other chunks. */
  long keepEmptyBytes() {
    return recentPeakBytes() >> EMPTY_SHIFT;
  }

  private long recentPeakBytes() {
    return Math.max(peakBytes, peakBytesBefore);
  }
}
