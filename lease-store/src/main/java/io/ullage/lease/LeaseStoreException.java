package io.ullage.lease;

import org.jspecify.annotations.Nullable;

/** A {@link LeaseStore} could not be opened or asked; the {@linkplain #fault() fault} says why. */
public final class LeaseStoreException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What is wrong. */
  private final StoreFault fault;

  /**
   * Makes one.
   *
   * @param fault what is wrong
   * @param message what was found, and what to do about it
   */
  public LeaseStoreException(StoreFault fault, String message) {
    this(fault, message, null);
  }

  /**
   * Makes one.
   *
   * @param fault what is wrong
   * @param message what was found, and what to do about it
   * @param cause what led to it
   */
  public LeaseStoreException(StoreFault fault, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.fault = fault;
  }

  /**
   * What is wrong.
   *
   * @return the fault
   */
  public StoreFault fault() {
    return fault;
  }
}
