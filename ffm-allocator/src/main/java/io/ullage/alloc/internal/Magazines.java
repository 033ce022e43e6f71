package io.ullage.alloc.internal;

import java.util.Arrays;

/**
 * A stack of free slots for each size class.
 *
 * <p>One that runs empty takes half its capacity from the {@link Depot}, one that is full gives
 * half back, so that a thread which only acquires and one which only closes (a hand-over) take the
 * depot's lock once for many slots. Not thread-safe: its {@link SlotCache} guards it.
 */
final class Magazines {
  /** Stands for the stack of a size that has not been used yet. */
  private static final long[] UNUSED = {};

  private final Depot[] depots;
  private final long[][] addresses = new long[SizeClasses.COUNT][];
  private final int[] counts = new int[SizeClasses.COUNT];
  private final int[] countsLastSeen = new int[SizeClasses.COUNT];
  private boolean closed;

  Magazines(Depot[] depots) {
    this.depots = depots;
    Arrays.fill(addresses, UNUSED);
  }

  /** Gives all slots back to the depots. */
  void flush() {
    for (int sizeClass = 0; sizeClass < counts.length; sizeClass++) {
      flush(sizeClass, 0);
    }
  }

  /**
   * Gives the slots of those classes back whose number is the same as at the last call. A class in
   * use may be among them by chance, which costs a refill.
   */
  void flushIdle() {
    for (int sizeClass = 0; sizeClass < counts.length; sizeClass++) {
      if (counts[sizeClass] == countsLastSeen[sizeClass]) {
        flush(sizeClass, 0);
      }
      countsLastSeen[sizeClass] = counts[sizeClass];
    }
  }

  /** Gives all slots back, and from now on every slot at once. */
  void close() {
    closed = true;
    flush();
    Arrays.fill(addresses, UNUSED);
  }

  /** Bytes of free slots. */
  long bytes() {
    long bytes = 0;
    for (int sizeClass = 0; sizeClass < counts.length; sizeClass++) {
      bytes += (long) counts[sizeClass] * SizeClasses.slotBytes(sizeClass);
    }
    return bytes;
  }

  long pop(int sizeClass) {
    int count = counts[sizeClass];
    if (count == 0) {
      return refill(sizeClass);
    }
    counts[sizeClass] = count - 1;
    return addresses[sizeClass][count - 1];
  }

  void push(int sizeClass, long address) {
    long[] stack = addresses[sizeClass];
    int count = counts[sizeClass];
    if (count == stack.length) {
      pushSlowly(sizeClass, address);
      return;
    }
    stack[count] = address;
    counts[sizeClass] = count + 1;
  }

  private long refill(int sizeClass) {
    if (closed) {
      // Without a stack of its own: a slot pushed onto one would stay there for ever.
      long[] slot = new long[1];
      depots[sizeClass].take(slot, 1);
      return slot[0];
    }
    int capacity = SizeClasses.magazineSlots(sizeClass);
    long[] stack = addresses[sizeClass];
    if (stack.length < capacity) {
      stack = new long[capacity];
    }
    int count = depots[sizeClass].take(stack, (capacity + 1) >>> 1) - 1;
    addresses[sizeClass] = stack;
    counts[sizeClass] = count;
    return stack[count];
  }

  private void pushSlowly(int sizeClass, long address) {
    if (closed) {
      depots[sizeClass].give(new long[] {address}, 0, 1);
      return;
    }
    long[] stack = addresses[sizeClass];
    if (stack.length == 0) {
      stack = new long[SizeClasses.magazineSlots(sizeClass)];
      addresses[sizeClass] = stack;
    } else {
      flush(sizeClass, stack.length >>> 1);
    }
    stack[counts[sizeClass]++] = address;
  }

  /** Keeps the slots that were used last: they are the likeliest to be in the processor's cache. */
  private void flush(int sizeClass, int keep) {
    long[] stack = addresses[sizeClass];
    int count = counts[sizeClass];
    if (count > keep) {
      depots[sizeClass].give(stack, 0, count - keep);
      System.arraycopy(stack, count - keep, stack, 0, keep);
      counts[sizeClass] = keep;
    }
  }
}
