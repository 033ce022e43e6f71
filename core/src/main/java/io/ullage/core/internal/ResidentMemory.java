package io.ullage.core.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/** The resident set of this process, from {@code /proc}. */
public final class ResidentMemory {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String KEY = "VmRSS:";
  private static final String UNIT = " kB";

  private ResidentMemory() {}

  /** In bytes; empty where there is no such file. */
  public static OptionalLong ofThisProcess() {
    try {
      return parse(Files.readString(STATUS, StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }

  static OptionalLong parse(String status) {
    return status
        .lines()
        .filter(line -> line.startsWith(KEY) && line.endsWith(UNIT))
        .map(line -> line.substring(KEY.length(), line.length() - UNIT.length()).trim())
        .mapToLong(text -> Long.parseLong(text) * 1024)
        .findFirst();
  }
}
