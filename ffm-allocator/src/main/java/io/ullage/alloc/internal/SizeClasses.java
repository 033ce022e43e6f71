package io.ullage.alloc.internal;

import java.util.Arrays;

/**
 * The sizes of slots: four steps in each power of two, from 16 bytes to 1 MiB.
 *
 * <p>With four steps a slot is at most a quarter larger than the request (above 64 bytes), and its
 * size is a multiple of an eighth of it, so that alignments come for free. Pure functions of their
 * arguments.
 */
public final class SizeClasses {
  /** The smallest slot: what {@code malloc} aligns to on 64-bit systems. */
  public static final int MIN_SLOT_BYTES = 16;

  /** The largest slot; anything above has a mapping of its own. */
  public static final int MAX_SLOT_BYTES = 1 << 20;

  /** Bytes of a chunk of small slots: the smallest with 32 slots of {@link #MAX_SMALL_SLOT}. */
  public static final int SMALL_CHUNK_BYTES = 1 << 20;

  /** Bytes of a chunk of large slots: 32 slots of 128 KiB, four of 1 MiB. */
  public static final int LARGE_CHUNK_BYTES = 4 << 20;

  /** Every chunk begins at a multiple of this, so that its slots inherit their size's alignment. */
  public static final int CHUNK_ALIGNMENT_BYTES = 1 << 20;

  private static final int MAX_SMALL_SLOT = SMALL_CHUNK_BYTES / 32;
  private static final int LINEAR_CLASSES = 4;
  private static final int LINEAR_LIMIT_LOG = 6;

  /** The number of size classes. */
  public static final int COUNT = LINEAR_CLASSES + 4 * (20 - LINEAR_LIMIT_LOG);

  /** Bytes that one thread keeps at most per size class, as far as one slot does not exceed it. */
  private static final int MAGAZINE_BYTES = 256 << 10;

  /** More than this saves nothing: a refill costs about 100 ns, a hundredth of it is noise. */
  private static final int MAX_MAGAZINE_SLOTS = 128;

  /** Looked up for every buffer: a load instead of a branch and two shifts. */
  private static final int[] SLOT_BYTES = new int[COUNT];

  static {
    Arrays.setAll(SLOT_BYTES, SizeClasses::computeSlotBytes);
  }

  private SizeClasses() {}

  /**
   * The smallest class that holds a size.
   *
   * @param byteSize from 0 to {@link #MAX_SLOT_BYTES}
   */
  public static int of(long byteSize) {
    if (byteSize <= 1 << LINEAR_LIMIT_LOG) {
      return byteSize == 0 ? 0 : (int) (byteSize - 1) >>> 4;
    }
    int last = (int) byteSize - 1;
    int log = 31 - Integer.numberOfLeadingZeros(last);
    return LINEAR_CLASSES + ((log - LINEAR_LIMIT_LOG) << 2) + ((last >>> (log - 2)) & 3);
  }

  /**
   * The smallest class that holds a size and whose slots are all aligned.
   *
   * @param byteSize from 0 to {@link #MAX_SLOT_BYTES}
   * @param byteAlignment a power of two, at most {@link #CHUNK_ALIGNMENT_BYTES}
   */
  public static int of(long byteSize, long byteAlignment) {
    if (byteAlignment <= MIN_SLOT_BYTES) {
      return of(byteSize);
    }
    int sizeClass = of(Math.max(byteSize, byteAlignment));
    while ((slotBytes(sizeClass) & (byteAlignment - 1)) != 0) {
      sizeClass++;
    }
    return sizeClass;
  }

  /** Whether a slot can serve the request; else it needs a mapping of its own. */
  public static boolean fits(long byteSize, long byteAlignment) {
    return byteSize <= MAX_SLOT_BYTES && byteAlignment <= CHUNK_ALIGNMENT_BYTES;
  }

  /** Bytes of a slot of this class. */
  public static int slotBytes(int sizeClass) {
    return SLOT_BYTES[sizeClass];
  }

  private static int computeSlotBytes(int sizeClass) {
    if (sizeClass < LINEAR_CLASSES) {
      return (sizeClass + 1) << 4;
    }
    int log = LINEAR_LIMIT_LOG + ((sizeClass - LINEAR_CLASSES) >>> 2);
    return (5 + ((sizeClass - LINEAR_CLASSES) & 3)) << (log - 2);
  }

  /** Bytes of a chunk that is cut into slots of this class. */
  public static int chunkBytes(int sizeClass) {
    return slotBytes(sizeClass) <= MAX_SMALL_SLOT ? SMALL_CHUNK_BYTES : LARGE_CHUNK_BYTES;
  }

  /** Slots of this class in a chunk. */
  public static int slotsPerChunk(int sizeClass) {
    return chunkBytes(sizeClass) / slotBytes(sizeClass);
  }

  /** Slots of this class that one thread keeps at most. */
  public static int magazineSlots(int sizeClass) {
    return Math.clamp(MAGAZINE_BYTES / slotBytes(sizeClass), 1, MAX_MAGAZINE_SLOTS);
  }
}
