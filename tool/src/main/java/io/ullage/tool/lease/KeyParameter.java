package io.ullage.tool.lease;

import io.ullage.lease.LeaseRequest;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** Mixed into commands that take a key. */
final class KeyParameter {
  @Parameters(index = "0", paramLabel = "KEY", description = "The key, up to 254 bytes of text.")
  private String key = "";

  /** The key, if it can be one. */
  String checked(CommandSpec command) {
    try {
      return LeaseRequest.checkKey(key);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(
          command.commandLine(), "Invalid value for KEY: " + e.getMessage(), e);
    }
  }
}
