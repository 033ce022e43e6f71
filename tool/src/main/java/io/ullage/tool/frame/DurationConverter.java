package io.ullage.tool.frame;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a duration such as {@code 500ms}, {@code 30s}, {@code 5m}, {@code 2h}. */
public final class DurationConverter implements ITypeConverter<Duration> {
  // Ten digits of hours are a million years, and still fit a long of milliseconds.
  private static final Pattern SHAPE = Pattern.compile("([0-9]{1,10})(ms|s|m|h)");

  @Override
  public Duration convert(String value) {
    Matcher matcher = SHAPE.matcher(value);
    if (!matcher.matches()) {
      throw new TypeConversionException(
          "'%s' is not allowed; allowed are a whole number and a unit, as in 500ms, 30s, 5m, 2h"
              .formatted(value));
    }
    long amount = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "ms" -> Duration.ofMillis(amount);
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      default -> Duration.ofHours(amount);
    };
  }
}
