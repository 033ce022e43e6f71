package io.ullage.alloc.internal;

/**
 * Where a buffer's memory is, in one word: what a handle and a ledger keep.
 *
 * <pre>
 *   | class + 1 : 8 | address : 56 |       the class is -1 for a span
 * </pre>
 *
 * <p>Never negative, since addresses have at most 48 bits.
 */
public final class SlotWord {
  private static final int CLASS_SHIFT = 56;
  private static final long ADDRESS_MASK = (1L << CLASS_SHIFT) - 1;

  private SlotWord() {}

  /** The word of a slot, or of a span if {@code sizeClass} is -1. */
  public static long of(long address, int sizeClass) {
    return address | (long) (sizeClass + 1) << CLASS_SHIFT;
  }

  /** Where it begins. */
  public static long address(long word) {
    return word & ADDRESS_MASK;
  }

  /** The slot's class, or -1 for a span. */
  public static int sizeClass(long word) {
    return (int) (word >>> CLASS_SHIFT) - 1;
  }
}
