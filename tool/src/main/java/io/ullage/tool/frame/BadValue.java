package io.ullage.tool.frame;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/**
 * Makes the refusal of an option's value: exit code 2, naming option, value and what is allowed.
 */
public final class BadValue {
  private BadValue() {}

  /** The exception to throw. */
  public static ParameterException of(
      CommandSpec command, String option, Object value, String allowed) {
    return new ParameterException(
        command.commandLine(),
        "Invalid value for option '%s': '%s' is not allowed; allowed %s"
            .formatted(option, value, allowed));
  }
}
