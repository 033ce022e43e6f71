package io.ullage.spill.internal.queue;

import io.ullage.core.Component;
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

  /**
   * Returns the least room of those levels that do not hold the other component too: what a move
   * from there needs.
   */
  long bytesForMoveFrom(Component other) {
    long least = Long.MAX_VALUE;
    for (Component level : levels) {
      if (isSelfOrAbove(level, other)) {
        break;
      }
      long limit = level.limitBytes();
      if (limit != Long.MAX_VALUE) {
        least = Math.min(least, limit - level.totalReservedBytes());
      }
    }
    return least;
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

  long reservedBytes() {
    return own.totalReservedBytes();
  }
}
