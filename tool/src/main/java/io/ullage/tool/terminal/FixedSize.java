package io.ullage.tool.terminal;

import java.util.Locale;

/** Writes sizes for columns that change: always one decimal, so that nothing jumps. */
public final class FixedSize {
  private static final String[] UNITS = {"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

  private FixedSize() {}

  /** A size such as {@code 0 B}, {@code 12.0 MiB}. */
  public static String of(long bytes) {
    if (bytes < 1024) {
      return bytes + " B";
    }
    double amount = bytes / 1024.0;
    int unit = 0;
    // From here on one decimal would round up to 1024.0.
    while (amount >= 1023.95 && unit < UNITS.length - 1) {
      amount /= 1024;
      unit++;
    }
    return String.format(Locale.ROOT, "%.1f %s", amount, UNITS[unit]);
  }
}
