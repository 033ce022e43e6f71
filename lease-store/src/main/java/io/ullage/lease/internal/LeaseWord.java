package io.ullage.lease.internal;

/**
 * The one word that decides who holds a lease.
 *
 * <pre>
 *  63                42 41 40 39                                      0
 * +--------------------+-----+-----------------------------------------+
 * |     generation     |state|        deadline, ms, monotonic          |
 * +--------------------+-----+-----------------------------------------+
 * </pre>
 *
 * <p>Generation and deadline share a word because a renewal and a takeover must exclude each other:
 * in two words both can succeed. 40 bits of milliseconds since boot are 34 years. 22 bits of
 * generation wrap after 4 million acquisitions; a compare-and-set that slept so long would also
 * need the deadline it remembers, which lies in the past, so no live word equals it.
 */
public final class LeaseWord {
  /** Nobody holds the key; the deadline is 0. */
  public static final int FREE = 0;

  /**
   * The owner of this generation is writing down who it is; the deadline bounds how long it may.
   */
  public static final int ACQUIRING = 1;

  /** The owner of this generation holds the key until the deadline. */
  public static final int HELD = 2;

  /** As {@link #HELD}, but the owner was told to let go and may not renew. */
  public static final int REVOKED = 3;

  private static final int DEADLINE_BITS = 40;
  private static final int STATE_BITS = 2;
  private static final int GENERATION_SHIFT = DEADLINE_BITS + STATE_BITS;

  /** The greatest deadline. With {@link #FREE} it means that the record moved to another file. */
  static final long DEADLINE_MASK = (1L << DEADLINE_BITS) - 1;

  /** The greatest generation. */
  static final int GENERATION_MASK = (1 << (Long.SIZE - GENERATION_SHIFT)) - 1;

  private LeaseWord() {}

  /**
   * Puts a word together.
   *
   * @param generation taken modulo 2^22
   * @param state one of the four states
   * @param deadlineMillis 0 to 2^40 - 1
   * @return the word
   */
  public static long of(int generation, int state, long deadlineMillis) {
    return ((long) (generation & GENERATION_MASK) << GENERATION_SHIFT)
        | ((long) state << DEADLINE_BITS)
        | (deadlineMillis & DEADLINE_MASK);
  }

  /**
   * The generation in a word.
   *
   * @param word the word
   * @return 0 to 2^22 - 1
   */
  public static int generation(long word) {
    return (int) (word >>> GENERATION_SHIFT);
  }

  /**
   * The state in a word.
   *
   * @param word the word
   * @return one of the four states
   */
  public static int state(long word) {
    return (int) (word >>> DEADLINE_BITS) & ((1 << STATE_BITS) - 1);
  }

  /**
   * The deadline in a word.
   *
   * @param word the word
   * @return milliseconds of the monotonic clock
   */
  public static long deadlineMillis(long word) {
    return word & DEADLINE_MASK;
  }

  /**
   * What of a word says who holds the record: all but the deadline.
   *
   * @param word the word
   * @return its generation and state
   */
  public static long hold(long word) {
    return word >>> DEADLINE_BITS;
  }

  /**
   * The hold of a generation.
   *
   * @param generation the generation
   * @return what {@link #hold(long)} makes of its words
   */
  public static long hold(int generation) {
    return hold(of(generation, HELD, 0));
  }

  /** The word of a hold. */
  static long held(long hold, long deadlineMillis) {
    return (hold << DEADLINE_BITS) | (deadlineMillis & DEADLINE_MASK);
  }

  /**
   * The word of a record that moved to another file; its content is kept beside it.
   *
   * @param word the word it had
   * @return the mark, with the same generation
   */
  static long moved(long word) {
    return of(generation(word), FREE, DEADLINE_MASK);
  }

  /**
   * Whether a record moved to another file.
   *
   * @param word its word
   * @return true if it did
   */
  static boolean isMoved(long word) {
    return state(word) == FREE && deadlineMillis(word) == DEADLINE_MASK;
  }
}
