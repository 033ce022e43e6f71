package io.ullage.lease.internal;

/**
 * The memory of one record, as {@link RecordProtocol} needs it: four words that many processes
 * share and a description that only people read. Every word access is volatile.
 */
public interface LeaseRecord {
  /**
   * Makes sure that the memory is there, before an operation begins.
   *
   * @throws InternalError if it is not
   */
  default void touch() {}

  /**
   * Makes sure that the memory of the {@link LeaseWord} is there, before an operation that touches
   * nothing else begins.
   *
   * @throws InternalError if it is not
   */
  default void touchWord() {}

  /**
   * Reads the {@link LeaseWord}.
   *
   * @return the word
   */
  long wordVolatile();

  /**
   * Replaces the {@link LeaseWord}.
   *
   * @param expected what it must be
   * @param next what it becomes
   * @return whether it was as expected
   */
  boolean compareAndSetWord(long expected, long next);

  /**
   * Reads the {@link OwnerWord}.
   *
   * @return the word
   */
  long ownerVolatile();

  /**
   * Replaces the {@link OwnerWord}.
   *
   * @param expected what it must be
   * @param next what it becomes
   * @return whether it was as expected
   */
  boolean compareAndSetOwner(long expected, long next);

  /**
   * Reads the greatest token drawn.
   *
   * @return the token
   */
  long tokenVolatile();

  /**
   * Draws a token.
   *
   * @return the token before, plus one
   */
  long incrementTokenVolatile();

  /**
   * Reads who waits.
   *
   * @return a {@link WaiterWord}
   */
  long waiterOpaque();

  /**
   * Says who waits.
   *
   * @param waiter a {@link WaiterWord}
   */
  void setWaiterOpaque(long waiter);

  /**
   * Writes what people may want to know of a generation. Two processes may write at once (one that
   * slept, and its successor); readers then find a generation that is not the one they look for.
   *
   * @param generation the generation it describes
   * @param acquiredAtMillis when it began, by the monotonic clock, which nobody sets
   * @param note its note
   */
  void describe(int generation, long acquiredAtMillis, String note);

  /**
   * Reads the description.
   *
   * @param generation the generation it must be of
   * @return the description, or {@link Description#UNKNOWN} if it is of another
   */
  Description description(int generation);

  /**
   * What people may want to know of a generation.
   *
   * @param acquiredAtMillis when it began, 0 if unknown
   * @param note its note
   */
  record Description(long acquiredAtMillis, String note) {
    /** Nothing is known. */
    public static final Description UNKNOWN = new Description(0, "");
  }
}
