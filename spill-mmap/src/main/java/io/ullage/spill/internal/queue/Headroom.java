package io.ullage.spill.internal.queue;

import io.ullage.core.Component;
import io.ullage.core.LevelOutcome;
import io.ullage.core.MemoryLimitException;
import java.util.ArrayList;
import java.util.List;

/**
 * How much the queue's component could still reserve, read without asking for it: asking is counted
 * as a refusal.
 */
final class Headroom {
  private final Component own;
  private final Component[] levels;

  Headroom(Component component) {
    List<Component> path = new ArrayList<>();
    for (Component level = component; level != null; level = level.parent().orElse(null)) {
      path.add(level);
    }
    this.own = component;
    this.levels = path.toArray(Component[]::new);
  }

  /**
   * Returns the least room of all levels; {@code Long.MAX_VALUE} without limits, negative above a
   * lowered limit.
   */
  long bytes() {
    long least = Long.MAX_VALUE;
    for (Component level : levels) {
      long limit = level.limitBytes();
      if (limit != Long.MAX_VALUE) {
        least = Math.min(least, limit - level.totalReservedBytes());
      }
    }
    return least;
  }

  /** Whether every level has room for so many bytes. */
  boolean fits(long bytes) {
    for (Component level : levels) {
      if (!fits(level, bytes)) {
        return false;
      }
    }
    return true;
  }

  /** Whether every level that does not hold the other component too has room: what a move needs. */
  boolean fitsMoveFrom(Component other, long bytes) {
    for (Component level : levels) {
      if (isSelfOrAbove(level, other)) {
        break;
      }
      if (!fits(level, bytes)) {
        return false;
      }
    }
    return true;
  }

  /**
   * One load as a rule; only where that leaves no room, what threads have as credit is looked at.
   */
  private static boolean fits(Component level, long bytes) {
    long limit = level.limitBytes();
    return limit == Long.MAX_VALUE
        || limit - level.grantedBytes() >= bytes
        || limit - level.totalReservedBytes() >= bytes;
  }

  /** Makes the refusal of so many bytes, for who must not ask. */
  MemoryLimitException refusal(long bytes) {
    List<LevelOutcome> outcomes = new ArrayList<>();
    for (Component level : levels) {
      outcomes.add(
          new LevelOutcome(
              level.path(),
              level.limitBytes(),
              level.totalReservedBytes(),
              bytes,
              !fits(level, bytes)));
    }
    return new MemoryLimitException(outcomes);
  }

  private static boolean isSelfOrAbove(Component level, Component other) {
    for (Component above = other; above != null; above = above.parent().orElse(null)) {
      if (above == level) {
        return true;
      }
    }
    return false;
  }

  /** Returns the lowest limit of all levels. */
  long limitBytes() {
    long least = Long.MAX_VALUE;
    for (Component level : levels) {
      least = Math.min(least, level.limitBytes());
    }
    return least;
  }

  /**
   * Returns by how much the level that is worst off is above this share of its limit; negative when
   * none is, {@code Long.MIN_VALUE} without limits.
   */
  long bytesAboveShare(double share) {
    long most = Long.MIN_VALUE;
    for (Component level : levels) {
      long limit = level.limitBytes();
      if (limit != Long.MAX_VALUE) {
        most = Math.max(most, level.grantedBytes() - (long) (limit * share));
      }
    }
    return most;
  }

  /** Returns the dotted name of the queue's component. */
  String path() {
    return own.path();
  }

  long reservedBytes() {
    return own.totalReservedBytes();
  }
}
