package io.ullage.tool.run;

import io.ullage.core.bounds.VerificationMode;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code strict}, {@code warn} or {@code off}. */
final class VerificationModeConverter implements ITypeConverter<VerificationMode> {
  /** Made by the command line. */
  VerificationModeConverter() {}

  @Override
  public VerificationMode convert(String value) {
    return switch (value) {
      case "strict" -> VerificationMode.STRICT;
      case "warn" -> VerificationMode.WARN;
      case "off" -> VerificationMode.OFF;
      default ->
          throw new TypeConversionException(
              "'%s' is not allowed; allowed are strict, warn, off".formatted(value));
    };
  }
}
