package io.ullage.core.bounds;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** Writes sizes in binary units, for people: {@code 12 MiB}, {@code 1.5 KiB}. */
public final class BinarySize {
  private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

  private BinarySize() {}

  /**
   * {@return a size with at most two decimals, rounded to the nearest}
   *
   * @param bytes the size, not negative
   * @throws IllegalArgumentException if it is negative
   */
  public static String format(long bytes) {
    return text(rounded(bytes, unit(bytes)), unit(bytes));
  }

  /**
   * {@return a size like {@link #format}, with the exact number of bytes behind it where two
   * decimals do not say it all} For example {@code 8 MiB (8388609 bytes)}.
   *
   * @param bytes the size, not negative
   * @throws IllegalArgumentException if it is negative
   */
  public static String formatExact(long bytes) {
    int unit = unit(bytes);
    BigDecimal rounded = rounded(bytes, unit);
    BigDecimal back = rounded.multiply(BigDecimal.valueOf(1L << (10 * unit)));
    boolean exact = back.compareTo(BigDecimal.valueOf(bytes)) == 0;
    return exact ? text(rounded, unit) : text(rounded, unit) + " (" + bytes + " bytes)";
  }

  private static int unit(long bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException(
          "bytes is " + bytes + ": it must be between 0 and " + Long.MAX_VALUE);
    }
    int unit = bytes == 0 ? 0 : (63 - Long.numberOfLeadingZeros(bytes)) / 10;
    boolean nextUnit = unit < 6 && rounded(bytes, unit).compareTo(BigDecimal.valueOf(1024)) >= 0;
    return nextUnit ? unit + 1 : unit;
  }

  private static BigDecimal rounded(long bytes, int unit) {
    return BigDecimal.valueOf(bytes)
        .divide(BigDecimal.valueOf(1L << (10 * unit)), 2, RoundingMode.HALF_UP);
  }

  private static String text(BigDecimal number, int unit) {
    return number.stripTrailingZeros().toPlainString() + " " + UNITS[unit];
  }
}
