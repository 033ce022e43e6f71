package io.ullage.alloc.internal;

import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * A stack of free slots of one size class, by their indexes in the {@link SlotTable}.
 *
 * <p>One that runs empty takes half its capacity from the {@link Depot}, one that is full gives
 * half back, so that a thread which only acquires and one which only closes (a hand-over) take the
 * depot's lock once for many slots. The place of a slot whose memory was handed to another thread
 * is kept for the next that comes: a number changes hands, no reference is stored, and so no card
 * of the garbage collector's table is dirtied, for which two threads might wait in turn. Not
 * thread-safe: its {@link SlotCache} guards it; the size may be read outside.
 */
public final class Magazine extends CacheLinePadding {
  /** Stands for the stack of a magazine that keeps nothing, or has not been used yet. */
  private static final int[] NONE = {};

  private final Depot depot;
  private final SlotTable table;
  private final int sizeClass;
  private final int slotBytes;
  private int[] stack = NONE;
  private int count;
  private int countLastSeen;
  private int[] vacant = NONE;
  private int vacantCount;
  private boolean closed;

  Magazine(Depot depot, SlotTable table, int sizeClass, boolean closed) {
    this.depot = depot;
    this.table = table;
    this.sizeClass = sizeClass;
    this.closed = closed;
    slotBytes = SizeClasses.slotBytes(sizeClass);
  }

  /** Bytes of a slot. */
  public int slotBytes() {
    return slotBytes;
  }

  int sizeClass() {
    return sizeClass;
  }

  /** Bytes of free slots. A racy read, exact while nobody uses the magazine. */
  long bytes() {
    return (long) count * slotBytes;
  }

  /** Takes a free slot; it stays listed. */
  Slot pop() {
    int top = count - 1;
    if (top < 0) {
      return refill();
    }
    count = top;
    return table.get(stack[top]);
  }

  /** Gives a listed slot back. */
  void push(Slot slot) {
    int top = count;
    if (top == stack.length) {
      pushSlowly(slot);
      return;
    }
    stack[top] = slot.index();
    count = top + 1;
  }

  /** Keeps the place of a listed slot whose memory was handed on; false if there are enough. */
  boolean tryVacate(Slot slot) {
    if (vacantCount == vacant.length) {
      if (closed || vacantCount > 0) {
        return false;
      }
      vacant = new int[SizeClasses.magazineSlots(sizeClass)];
    }
    vacant[vacantCount++] = slot.index();
    return true;
  }

  /** Lists memory of this size in a place that was kept; null if there is none. */
  @Nullable Slot tryFill(long address) {
    if (vacantCount == 0) {
      return null;
    }
    Slot slot = table.get(vacant[--vacantCount]);
    slot.fill(address);
    return slot;
  }

  /** Gives all slots back to the depot. */
  void flush() {
    flush(0);
  }

  /**
   * Gives all slots back if their number is the same as at the last call. A magazine in use may be
   * among them by chance, which costs a refill.
   */
  void flushIfIdle() {
    if (count == countLastSeen) {
      flush(0);
    }
    countLastSeen = count;
  }

  /** Gives all slots back, and from now on every slot at once. */
  void close() {
    closed = true;
    flush(0);
    stack = NONE;
    while (vacantCount > 0) {
      table.remove(table.get(vacant[--vacantCount]));
    }
    vacant = NONE;
  }

  /** Marks the slots that are free, and those whose memory was handed on. */
  void markFree(BitSet free) {
    for (int each = 0; each < count; each++) {
      free.set(stack[each]);
    }
    for (int each = 0; each < vacantCount; each++) {
      free.set(vacant[each]);
    }
  }

  private Slot refill() {
    // One at a time when closed: a slot that was put on a stack would stay there for ever.
    int wanted = closed ? 1 : (SizeClasses.magazineSlots(sizeClass) + 1) >>> 1;
    long[] addresses = new long[wanted];
    int taken = depot.take(addresses, wanted);
    int listed = 0;
    try {
      for (; listed < taken - 1; listed++) {
        Slot slot = Slot.of(addresses[listed], this);
        table.add(slot);
        push(slot);
      }
      Slot last = Slot.of(addresses[listed], this);
      table.add(last);
      return last;
    } catch (Throwable failure) {
      depot.give(addresses, listed, taken);
      throw failure;
    }
  }

  private void pushSlowly(Slot slot) {
    if (closed) {
      table.remove(slot);
      depot.give(new long[] {slot.address()}, 0, 1);
      return;
    }
    if (stack.length == 0) {
      stack = new int[SizeClasses.magazineSlots(sizeClass)];
    } else {
      flush(stack.length >>> 1);
    }
    stack[count++] = slot.index();
  }

  /** Keeps the slots that were used last: they are the likeliest to be in the processor's cache. */
  private void flush(int keep) {
    int given = count - keep;
    if (given > 0) {
      long[] addresses = new long[given];
      for (int each = 0; each < given; each++) {
        Slot slot = table.get(stack[each]);
        addresses[each] = slot.address();
        table.remove(slot);
      }
      depot.give(addresses, 0, given);
      System.arraycopy(stack, given, stack, 0, keep);
      count = keep;
    }
  }
}
