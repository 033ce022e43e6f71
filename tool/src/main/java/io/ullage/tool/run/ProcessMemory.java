package io.ullage.tool.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/** What the kernel says about this process's memory. */
final class ProcessMemory {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String PEAK_RESIDENT = "VmHWM:";

  private ProcessMemory() {}

  /**
   * The most memory that was ever resident, in bytes; empty where there is no Linux {@code /proc}.
   */
  static OptionalLong peakResidentBytes() {
    try {
      for (String line : Files.readAllLines(STATUS)) {
        if (line.startsWith(PEAK_RESIDENT)) {
          String[] parts = line.substring(PEAK_RESIDENT.length()).strip().split(" ", 2);
          return OptionalLong.of(Long.parseLong(parts[0]) << 10);
        }
      }
    } catch (IOException | NumberFormatException e) {
      return OptionalLong.empty();
    }
    return OptionalLong.empty();
  }
}
