package io.ullage.alloc.internal;

/**
 * A span cut into equal slots, with a bit for each that is free.
 *
 * <pre>
 *   span  | slot 0 | slot 1 | … | slot n-1 | rest |
 *   free  [  bit 0 |  bit 1 | … | bit n-1  ]        one word for 64 slots, 1 = free
 * </pre>
 *
 * <p>Nothing stands in front of the user's bytes. Not thread-safe: its {@link Depot} guards it.
 */
final class Chunk {
  private final Span span;
  private final int sizeClass;
  private final int slotBytes;
  private final int slots;
  private final long[] free;
  private int freeSlots;
  private int firstWord;

  Chunk(Span span, int sizeClass) {
    this.span = span;
    this.sizeClass = sizeClass;
    slotBytes = SizeClasses.slotBytes(sizeClass);
    slots = SizeClasses.slotsPerChunk(sizeClass);
    free = new long[(slots + 63) >>> 6];
    for (int word = 0; word < free.length; word++) {
      int bits = Math.min(64, slots - (word << 6));
      free[word] = bits == 64 ? -1L : (1L << bits) - 1;
    }
    freeSlots = slots;
  }

  Span span() {
    return span;
  }

  int sizeClass() {
    return sizeClass;
  }

  boolean isFull() {
    return freeSlots == 0;
  }

  boolean isEmpty() {
    return freeSlots == slots;
  }

  /** Takes up to {@code wanted} slots, lowest address first; returns how many. */
  int take(long[] into, int at, int wanted) {
    int taken = 0;
    int word = firstWord;
    while (taken < wanted && freeSlots > 0) {
      long bits = free[word];
      if (bits == 0) {
        word++;
        continue;
      }
      int slot = (word << 6) + Long.numberOfTrailingZeros(bits);
      free[word] = bits & (bits - 1);
      freeSlots--;
      into[at + taken++] = span.address() + (long) slot * slotBytes;
    }
    firstWord = Math.min(word, free.length - 1);
    return taken;
  }

  void give(long address) {
    int slot = (int) (address - span.address()) / slotBytes;
    int word = slot >>> 6;
    long bit = 1L << slot;
    if ((free[word] & bit) != 0) {
      throw new AssertionError("slot " + slot + " of a chunk of " + slotBytes + " given twice");
    }
    free[word] |= bit;
    freeSlots++;
    firstWord = Math.min(firstWord, word);
  }
}
