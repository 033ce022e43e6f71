package io.ullage.tool.frame;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * A share of a whole, from 0 to below 1.
 *
 * @param value the share
 */
public record Share(double value) {
  /** Reads a share such as {@code 0.05}. */
  public static final class Converter implements ITypeConverter<Share> {
    @Override
    public Share convert(String value) {
      // Digits with at most one point: no sign, exponent, hexadecimal or NaN.
      if (value.matches("[0-9]{0,18}[.]?[0-9]{1,18}") && Double.parseDouble(value) < 1) {
        return new Share(Double.parseDouble(value));
      }
      throw new TypeConversionException(
          "'%s' is not allowed; allowed are shares from 0 to below 1, as in 0.05".formatted(value));
    }
  }

  @Override
  public String toString() {
    return Double.toString(value);
  }
}
