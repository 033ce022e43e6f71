package io.ullage.bench.alloc;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A ring of references from one thread to another, for two threads that keep in step.
 *
 * <p>The sender tells of {@value #BATCH} references at a time, so the only line that both threads
 * write and read while they run costs a thirty-second of a transfer for each; that it costs the
 * same each time is what makes it a control. It is never full, because each side sends no more than
 * it has received and the first ones. Each thread's own count lies in an array by itself, for no
 * other thread's writes to disturb it.
 */
final class Lane {
  /** How many references are told of at once; the first ones must be a multiple. */
  static final int BATCH = 32;

  /** Two lines to either side: the processor fetches them in pairs. */
  private static final int COUNTER = 16;

  private static final int COUNTERS = 2 * COUNTER;

  /**
   * References stored to the heap mark a card of 512 bytes in the collector's table, one byte each:
   * a line of that table covers 32 KiB, and only so far from one another two lanes share none.
   */
  private static final int APART = 8192;

  /** After so many looks the other thread is not running: it may be waiting for this processor. */
  private static final int LOOKS_BEFORE_YIELDING = 1000;

  private final @Nullable Object[] slots;
  private final int mask;
  private final AtomicLongArray told = new AtomicLongArray(COUNTERS);
  private final long[] sent = new long[COUNTERS];
  private final long[] received = new long[COUNTERS];

  /** A ring for at most so many references, a power of two. */
  Lane(int capacity) {
    slots = new @Nullable Object[APART + capacity + APART];
    mask = capacity - 1;
  }

  void send(Object reference) {
    long count = sent[COUNTER]++;
    slots[APART + ((int) count & mask)] = reference;
    if ((count & (BATCH - 1)) == BATCH - 1) {
      told.setRelease(COUNTER, count + 1);
    }
  }

  /** Waits for the next reference; null if there is none and the other side has ended. */
  @SuppressWarnings("ThreadPriorityCheck") // the other thread cannot signal: that would be measured
  @Nullable Object receive(BooleanSupplier ended) {
    long count = received[COUNTER];
    // The last count that was seen stands beside ours.
    for (int looks = 0; count == received[COUNTER + 1]; looks++) {
      received[COUNTER + 1] = told.getAcquire(COUNTER);
      if (count == received[COUNTER + 1]) {
        if (ended.getAsBoolean()) {
          return null;
        }
        if (looks < LOOKS_BEFORE_YIELDING) {
          Thread.onSpinWait();
        } else {
          Thread.yield();
        }
      }
    }
    received[COUNTER] = count + 1;
    return slots[APART + ((int) count & mask)];
  }

  /** Takes what was sent and not received, when both threads have ended. */
  @Nullable Object drain() {
    long count = received[COUNTER];
    if (count == sent[COUNTER]) {
      return null;
    }
    received[COUNTER] = count + 1;
    return slots[APART + ((int) count & mask)];
  }
}
