package io.ullage.spill;

import java.io.IOException;

/** A spilled entry is not what was written: it names the entry and what is wrong with it. */
public final class SpillDamageException extends IOException {
  private static final long serialVersionUID = 1L;

  private final long sequence;

  /**
   * Makes the exception.
   *
   * @param sequence the entry's number, counted from 0 in the order of the offers
   * @param reason what is wrong
   */
  public SpillDamageException(long sequence, String reason) {
    super("entry " + sequence + " came back damaged: " + reason);
    this.sequence = sequence;
  }

  /**
   * Makes the exception.
   *
   * @param sequence the entry's number, counted from 0 in the order of the offers
   * @param reason what is wrong
   * @param cause the error of the platform
   */
  public SpillDamageException(long sequence, String reason, Throwable cause) {
    super("entry " + sequence + " came back damaged: " + reason, cause);
    this.sequence = sequence;
  }

  /** {@return the entry's number, counted from 0 in the order of the offers} */
  public long sequence() {
    return sequence;
  }
}
