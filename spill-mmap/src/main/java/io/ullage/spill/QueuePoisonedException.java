package io.ullage.spill;

/**
 * A queue ended because something failed: a writer, a policy or a store.
 *
 * <p>The cause says what; the message says who. A reader meets it after the last entry that can
 * still be had.
 */
public final class QueuePoisonedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes the exception.
   *
   * @param message who failed
   * @param cause why
   */
  public QueuePoisonedException(String message, Throwable cause) {
    super(message, cause);
  }
}
