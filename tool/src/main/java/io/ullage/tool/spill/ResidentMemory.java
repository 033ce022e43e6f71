package io.ullage.tool.spill;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the kernel says about this process's memory; 0 where there is no Linux {@code /proc}. */
final class ResidentMemory {
  private static final Path STATUS = Path.of("/proc/self/status");

  private ResidentMemory() {}

  static long nowBytes() {
    return read("VmRSS:");
  }

  static long peakBytes() {
    return read("VmHWM:");
  }

  private static long read(String name) {
    try {
      for (String line : Files.readAllLines(STATUS)) {
        if (line.startsWith(name)) {
          return Long.parseLong(line.substring(name.length()).strip().split(" ", 2)[0]) << 10;
        }
      }
      return 0;
    } catch (IOException | NumberFormatException e) {
      return 0;
    }
  }
}
