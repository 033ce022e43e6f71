package io.ullage.core.internal;

import java.util.List;

/**
 * The dotted name of a component: its grammar and its parts.
 *
 * <p>A segment is one or more of {@code A-Z a-z 0-9 _ -}; segments are joined by dots. The root is
 * called {@code root}; no other top-level component can be.
 */
public final class ComponentPath {
  /** What the root component is called. */
  public static final String ROOT = "root";

  /**
   * The longest path: the length of a label in Agrona's counter metadata, which would cut anything
   * longer in silence.
   */
  public static final int MAX_LENGTH_BYTES = 380;

  private ComponentPath() {}

  /**
   * Splits a path into its segments; the root has none.
   *
   * @throws IllegalArgumentException naming the offending part
   */
  public static List<String> parse(String path) {
    if (path.equals(ROOT)) {
      return List.of();
    }
    // Every allowed character is one byte in UTF-8; a path with others is refused below whatever
    // its length.
    if (path.length() > MAX_LENGTH_BYTES) {
      throw new IllegalArgumentException(
          "component path of "
              + path.length()
              + " characters: at most "
              + MAX_LENGTH_BYTES
              + " bytes are allowed: "
              + path.substring(0, 40)
              + "...");
    }
    List<String> segments = List.of(path.split("\\.", -1));
    for (String segment : segments) {
      checkSegment(path, segment);
    }
    if (segments.getFirst().equals(ROOT)) {
      throw new IllegalArgumentException(
          "component path \""
              + path
              + "\": the name \"root\" belongs to the root component; leave it out");
    }
    return segments;
  }

  /** The path of a child. */
  public static String child(String parent, String name) {
    return parent.equals(ROOT) ? name : parent + "." + name;
  }

  /** The last segment of a path. */
  public static String name(String path) {
    return path.substring(path.lastIndexOf('.') + 1);
  }

  private static void checkSegment(String path, String segment) {
    if (segment.isEmpty()) {
      throw new IllegalArgumentException(
          "component path \"" + path + "\": an empty segment is not allowed");
    }
    for (int i = 0; i < segment.length(); i++) {
      if (!isAllowed(segment.charAt(i))) {
        throw new IllegalArgumentException(
            "component path \""
                + path
                + "\": segment \""
                + segment
                + "\" must match [A-Za-z0-9_-]+");
      }
    }
  }

  private static boolean isAllowed(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '_'
        || c == '-';
  }
}
