package io.ullage.core;

import java.util.List;

/**
 * A request for memory that a limit refused. Nothing is reserved when it is thrown. Immutable.
 *
 * <p>It carries the outcome of each level from the asking component up to the root, so that the
 * reader sees which limit was in the way and how much room the others had.
 */
public final class MemoryLimitException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Records of this package are not serialised: the message says the same. */
  private final transient List<LevelOutcome> levels;

  /**
   * Makes a refusal.
   *
   * @param levels the outcome of each level, the asking component first, the root last; not empty
   */
  public MemoryLimitException(List<LevelOutcome> levels) {
    super(describe(levels));
    this.levels = List.copyOf(levels);
  }

  /**
   * The outcome of each level, from the asking component to the root.
   *
   * @return an immutable list; empty after deserialisation
   */
  public List<LevelOutcome> levels() {
    return levels == null ? List.of() : levels;
  }

  private static String describe(List<LevelOutcome> levels) {
    LevelOutcome asking = levels.getFirst();
    StringBuilder text = new StringBuilder();
    text.append(asking.path())
        .append(": ")
        .append(asking.requestedBytes())
        .append(" bytes refused");
    String separator = ": ";
    for (LevelOutcome level : levels) {
      text.append(separator).append(level.path());
      separator = ", ";
      text.append(level.refused() ? " has no room (" : " (");
      text.append("reserved ").append(level.reservedBytes()).append(" of ");
      text.append(
          level.limitBytes() == Long.MAX_VALUE ? "unlimited" : Long.toString(level.limitBytes()));
      text.append(')');
    }
    return text.toString();
  }
}
