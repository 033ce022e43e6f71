package io.ullage.tool.frame;

import picocli.CommandLine.TypeConversionException;

/** Reads whole numbers strictly: digits only, so that neither a sign nor a unit slips through. */
final class WholeNumber {
  private WholeNumber() {}

  static long parse(String value, String unit, long greatest) {
    boolean digits = !value.isEmpty() && value.chars().allMatch(c -> c >= '0' && c <= '9');
    // 19 digits can exceed a long, so shorter values only; leading zeros are not worth supporting.
    if (digits && value.length() <= 18 && Long.parseLong(value) <= greatest) {
      return Long.parseLong(value);
    }
    throw new TypeConversionException(
        "'%s' is not allowed; allowed are whole numbers of %s from 0 to %d"
            .formatted(value, unit, greatest));
  }
}
