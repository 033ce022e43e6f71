package io.ullage.tool.frame;

import picocli.CommandLine.ITypeConverter;

/**
 * A size given as a whole number of KiB.
 *
 * @param bytes the size in bytes
 */
public record Kibibytes(long bytes) {
  /** The greatest number of KiB: everything up to it fits a long. */
  private static final long GREATEST = (Long.MAX_VALUE >> 10);

  /** Reads the value of an option whose name ends with {@code -kb}. */
  public static final class Converter implements ITypeConverter<Kibibytes> {
    @Override
    public Kibibytes convert(String value) {
      return new Kibibytes(WholeNumber.parse(value, "KiB", GREATEST) << 10);
    }
  }

  @Override
  public String toString() {
    return Long.toString(bytes >> 10);
  }
}
