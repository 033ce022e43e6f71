package io.ullage.spill;

import java.io.IOException;

/**
 * A store has no room: its budget is spent, the free-space floor is reached, or the device is full.
 */
public final class StoreFullException extends IOException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes the exception.
   *
   * @param message what is full, and which bound was met
   */
  public StoreFullException(String message) {
    super(message);
  }

  /**
   * Makes the exception.
   *
   * @param message what is full, and which bound was met
   * @param cause the error of the operating system
   */
  public StoreFullException(String message, Throwable cause) {
    super(message, cause);
  }
}
