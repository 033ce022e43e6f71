package io.ullage.lease.internal;

/**
 * Two processes that were refused a record of late and will ask again; whoever gives the record
 * back and wants it again lets them go first. Two, because one of them may be the asker itself,
 * which would hide that others wait too.
 *
 * <pre>
 *  63        52 51              32 31        20 19               0
 * +------------+------------------+------------+------------------+
 * |    slot    | until, ms mod 2^20 |    slot    | until, ms mod 2^20 |
 * +------------+------------------+------------+------------------+
 * </pre>
 *
 * <p>Written without compare-and-set: who is overwritten writes again when it asks again. A word
 * that says too much costs a short wait, one that says too little an unfair turn; exclusion does
 * not depend on it.
 */
public final class WaiterWord {
  /**
   * How long a process counts as waiting after it was refused: many of its pauses, as a busy
   * machine stretches them.
   */
  public static final long FRESH_MILLIS = 50;

  private static final int HALF_BITS = 32;
  private static final int UNTIL_BITS = 20;
  private static final long UNTIL_MASK = (1L << UNTIL_BITS) - 1;
  private static final long HALF_MASK = (1L << HALF_BITS) - 1;

  private WaiterWord() {}

  /**
   * Says that a process waits.
   *
   * @param word the word before
   * @param slot the process' slot
   * @param nowMillis the monotonic clock
   * @return the word after
   */
  public static long register(long word, int slot, long nowMillis) {
    long mine = half(slot, nowMillis + FRESH_MILLIS);
    long low = word & HALF_MASK;
    long high = word >>> HALF_BITS;
    boolean replaceLow =
        slot(low) == slot || (slot(high) != slot && left(low, nowMillis) <= left(high, nowMillis));
    return replaceLow ? (high << HALF_BITS) | mine : (mine << HALF_BITS) | low;
  }

  /**
   * Says that a process waits no longer.
   *
   * @param word the word before
   * @param slot the process' slot
   * @return the word after
   */
  public static long clear(long word, int slot) {
    long low = word & HALF_MASK;
    long high = word >>> HALF_BITS;
    return ((slot(high) == slot ? 0 : high) << HALF_BITS) | (slot(low) == slot ? 0 : low);
  }

  /**
   * Whether another process waits.
   *
   * @param word the word
   * @param slot the slot of the process that asks
   * @param nowMillis the monotonic clock
   * @return true if one was refused lately
   */
  public static boolean hasOther(long word, int slot, long nowMillis) {
    long low = word & HALF_MASK;
    long high = word >>> HALF_BITS;
    return (low != 0 && slot(low) != slot && left(low, nowMillis) > 0)
        || (high != 0 && slot(high) != slot && left(high, nowMillis) > 0);
  }

  private static long half(int slot, long untilMillis) {
    return ((long) slot << UNTIL_BITS) | (untilMillis & UNTIL_MASK);
  }

  private static int slot(long half) {
    return (int) (half >>> UNTIL_BITS);
  }

  /** For how long a half is fresh; 0 if it is not, whichever turn of the clock it is from. */
  private static long left(long half, long nowMillis) {
    long left = ((half & UNTIL_MASK) - nowMillis) & UNTIL_MASK;
    return left <= FRESH_MILLIS ? left : 0;
  }
}
