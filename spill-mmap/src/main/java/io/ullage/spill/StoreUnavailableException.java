package io.ullage.spill;

import java.io.IOException;

/**
 * The store failed, and the queue itself is sound: an offer was refused because the store takes
 * nothing now, or the next entry is in the store and cannot be read now.
 *
 * <p>Nothing is lost by it: the queue goes on trying, and the call may be repeated.
 */
public final class StoreUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final StoreState state;

  /**
   * Makes the exception.
   *
   * @param message which queue
   * @param state what is wrong with the store
   * @param cause its last error
   */
  public StoreUnavailableException(String message, StoreState state, IOException cause) {
    super(message + ": " + cause.getMessage(), cause);
    this.state = state;
  }

  /** {@return what is wrong with the store} */
  public StoreState state() {
    return state;
  }
}
