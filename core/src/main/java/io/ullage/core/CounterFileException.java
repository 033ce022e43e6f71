package io.ullage.core;

import java.io.IOException;

/**
 * A counter file that cannot be read: it is something else, of another version, not finished, or
 * damaged.
 */
public final class CounterFileException extends IOException {
  private static final long serialVersionUID = 1L;

  CounterFileException(String message) {
    super(message);
  }

  CounterFileException(String message, Throwable cause) {
    super(message, cause);
  }
}
