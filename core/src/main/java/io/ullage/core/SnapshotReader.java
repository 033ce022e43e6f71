package io.ullage.core;

import io.ullage.core.internal.FigureTable;
import io.ullage.core.internal.LevelIndex;

/**
 * Reads all figures of a registry without stopping those who write them.
 *
 * <p>Each pass reads every counter. Counters only grow, so when a pass finds what the pass before
 * found, all of them had these values at every moment between the two: the figures are of one
 * instant. Otherwise the next pass tries again, unless what moved is moving still: then a whole
 * pass will hardly find it at rest. After that, or {@value #MAX_PASSES} passes, the figures are
 * those of the last pass, each right at some moment of it.
 */
final class SnapshotReader {
  private static final int MAX_PASSES = 4;

  private final LevelIndex index;

  SnapshotReader(LevelIndex index) {
    this.index = index;
  }

  MemorySnapshot read() {
    FigureTable table = new FigureTable(index);
    long begin = System.nanoTime();
    table.look();
    for (int pass = 2; ; pass++) {
      long passBegin = System.nanoTime();
      boolean exact = table.read();
      if (exact || pass == MAX_PASSES || table.isStillMoving()) {
        return new MemorySnapshot(exact, table, exact ? begin : passBegin, System.nanoTime());
      }
      begin = passBegin;
    }
  }
}
