package io.ullage.tool.frame;

import picocli.CommandLine.Option;

/** Mixed into commands that can end with a JSON object. */
public final class JsonOption {
  /** The option's name. */
  static final String NAME = "--json";

  @Option(
      names = NAME,
      description = "The last line of stdout is one JSON object, also on failure.")
  private boolean json;

  /** Whether the option was given. */
  public boolean isOn() {
    return json;
  }
}
