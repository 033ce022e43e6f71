package io.ullage.spill;

import java.io.IOException;

/** An offer was refused because the store takes nothing now; the queue itself is sound. */
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
