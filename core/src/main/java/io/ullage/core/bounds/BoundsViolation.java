package io.ullage.core.bounds;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * One way in which bounds do not fit their grant.
 *
 * @param kind what is wrong
 * @param path the component's dotted path, {@code root} for the top
 * @param neededBytes what the component needs, with all below it
 * @param availableBytes what there is for it
 * @param remedy what to change
 */
public record BoundsViolation(
    Kind kind, String path, long neededBytes, long availableBytes, String remedy) {
  /** What is wrong. */
  public enum Kind {
    /** The grant's effective limit is zero. */
    ZERO_GRANT,
    /** A minimum is larger than the share of the effective limit that there is for it. */
    MINIMUM_OVER_LIMIT,
    /** A firm total is larger than the share of the effective limit that there is for it. */
    FIRM_OVER_LIMIT,
    /** A minimum is larger than the cap that was put on the component's firm total. */
    MINIMUM_OVER_FIRM
  }

  /**
   * {@return one line with the path, what is needed, what there is, and what to change} Like {@code
   * queue: needs 6 MiB, has 4 MiB: raise the limit to 12 MiB …}.
   */
  public String message() {
    return path
        + ": needs "
        + BinarySize.formatExact(neededBytes)
        + ", has "
        + BinarySize.formatExact(availableBytes)
        + ": "
        + remedy;
  }

  /** {@return the violation as a map of strings and longs, ready to be written as JSON} */
  public Map<String, Object> toTree() {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("component", path);
    tree.put("kind", kind.name().toLowerCase(Locale.ROOT));
    tree.put("needed_bytes", neededBytes);
    tree.put("available_bytes", availableBytes);
    tree.put("message", message());
    return Collections.unmodifiableMap(tree);
  }
}
