package io.ullage.tool.frame;

import picocli.CommandLine.ITypeConverter;

/**
 * A size given as a whole number of MiB.
 *
 * @param bytes the size in bytes
 */
public record Mebibytes(long bytes) {
  /** The greatest number of MiB, everything up to it fits a long. */
  private static final long GREATEST = (Long.MAX_VALUE >> 20);

  /** Reads the value of an option whose name ends with {@code -mb}. */
  public static final class Converter implements ITypeConverter<Mebibytes> {
    @Override
    public Mebibytes convert(String value) {
      return new Mebibytes(WholeNumber.parse(value, "MiB", GREATEST) << 20);
    }
  }

  @Override
  public String toString() {
    return Long.toString(bytes >> 20);
  }
}
