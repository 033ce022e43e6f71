package io.ullage.tool.launch;

import java.io.Serial;

/** Says in one line, for a person, why a jar cannot be started here. */
final class LaunchException extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  LaunchException(String message) {
    super(message);
  }

  LaunchException(String message, Throwable cause) {
    super(message, cause);
  }
}
