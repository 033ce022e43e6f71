package io.ullage.core.bounds.internal;

import io.ullage.core.bounds.UsageExpr;
import java.util.List;
import java.util.regex.Pattern;

/** Checks of arguments whose messages name the parameter, its value and what is allowed. */
public final class Requirements {
  private static final Pattern SEGMENT = Pattern.compile("[A-Za-z0-9_-]+");

  private Requirements() {}

  /** Refuses a blank name. */
  public static void named(String name) {
    if (name.isBlank()) {
      throw new IllegalArgumentException("name is '" + name + "': it must not be blank");
    }
  }

  /** Refuses a negative value. */
  public static void notNegative(String parameter, long value) {
    if (value < 0) {
      throw new IllegalArgumentException(
          parameter + " is " + value + ": it must be between 0 and " + Long.MAX_VALUE);
    }
  }

  /** Refuses a value below one. */
  public static void positive(String parameter, long value) {
    if (value <= 0) {
      throw new IllegalArgumentException(
          parameter + " is " + value + ": it must be between 1 and " + Long.MAX_VALUE);
    }
  }

  /** Copies the operands of an operation that has no value without any. */
  public static List<UsageExpr> operands(String expression, List<UsageExpr> values) {
    if (values.isEmpty()) {
      throw new IllegalArgumentException(expression + " has no operands: it needs at least one");
    }
    return List.copyOf(values);
  }

  /**
   * Splits a dotted path and checks each part. {@code min} and {@code firm} are taken: in the tree
   * of bounds the expressions stand under these keys.
   */
  public static List<String> segments(String path) {
    List<String> segments = List.of(path.split("\\.", -1));
    for (String segment : segments) {
      if (!SEGMENT.matcher(segment).matches()) {
        throw new IllegalArgumentException(
            "component path '"
                + path
                + "' contains the part '"
                + segment
                + "': a part must match "
                + SEGMENT.pattern());
      }
      if (segment.equals("min") || segment.equals("firm")) {
        throw new IllegalArgumentException(
            "component path '"
                + path
                + "' contains the part '"
                + segment
                + "': in bounds this name is taken by the component's own expressions");
      }
    }
    return segments;
  }
}
