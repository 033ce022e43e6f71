package io.ullage.core.internal;

import io.ullage.core.ComponentFigures;
import io.ullage.core.DeclaredBounds;
import io.ullage.core.MemoryFigures;
import java.util.BitSet;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The figures of all levels of an index, {@value #COLUMNS} numbers a row, own and summed over
 * subtrees.
 */
public final class FigureTable {
  // The first four are what BudgetLevel.readCells fills in.
  private static final int FREED_BYTES = 0;
  private static final int FREES = 1;
  private static final int ALLOCATED_BYTES = 2;
  private static final int ALLOCATIONS = 3;
  private static final int EXTERNAL_BYTES = 4;
  private static final int REFUSALS = 5;
  private static final int BACKPRESSURE_NANOS = 6;
  private static final int SUMMED = 7;
  private static final int PEAK = 7;
  private static final int LIMIT = 8;
  private static final int COLUMNS = 9;

  private final LevelIndex index;
  private final long[] own;
  private final @Nullable DeclaredBounds[] declared;
  private final BitSet moved = new BitSet();
  private long[] totals = new long[0];

  /** Makes a table of zeros. */
  public FigureTable(LevelIndex index) {
    this.index = index;
    this.own = new long[index.size() * COLUMNS];
    this.declared = new @Nullable DeclaredBounds[index.size()];
  }

  /** Which levels it shows. */
  public LevelIndex index() {
    return index;
  }

  /** Reads all levels; true when no byte moved since the last reading. */
  public boolean read() {
    moved.clear();
    long[] cells = new long[BudgetLevel.CELLS];
    for (int i = 0; i < index.size(); i++) {
      BudgetLevel level = index.level(i);
      int row = i * COLUMNS;
      level.readCells(cells, 0);
      boolean same = put(row + FREED_BYTES, cells[0]);
      same &= put(row + FREES, cells[1]);
      same &= put(row + ALLOCATED_BYTES, cells[2]);
      same &= put(row + ALLOCATIONS, cells[3]);
      same &= put(row + EXTERNAL_BYTES, level.externalBytes());
      if (!same) {
        moved.set(i);
      }
      own[row + REFUSALS] = level.refusals();
      own[row + BACKPRESSURE_NANOS] = level.backpressureNanos();
      own[row + PEAK] = level.peakGrantedBytes();
      own[row + LIMIT] = level.limitBytes();
      declared[i] = level.declaredBounds();
    }
    return moved.isEmpty();
  }

  /**
   * Looks again at the levels that the last reading found changed: whether one of them has changed
   * once more. Changes nothing here.
   */
  public boolean isStillMoving() {
    long[] cells = new long[BudgetLevel.CELLS];
    for (int i = moved.nextSetBit(0); i >= 0; i = moved.nextSetBit(i + 1)) {
      int row = i * COLUMNS;
      index.level(i).readCells(cells, 0);
      if (cells[0] != own[row + FREED_BYTES] || cells[2] != own[row + ALLOCATED_BYTES]) {
        return true;
      }
    }
    return false;
  }

  /** The figures of one level. */
  public synchronized ComponentFigures figures(int i) {
    if (totals.length == 0) {
      totals = sum();
    }
    int row = i * COLUMNS;
    return new ComponentFigures(
        index.path(i),
        own[row + LIMIT],
        own[row + PEAK],
        Optional.ofNullable(declared[i]),
        figures(own, row),
        figures(totals, row));
  }

  private boolean put(int at, long value) {
    if (own[at] == value) {
      return true;
    }
    own[at] = value;
    return false;
  }

  /**
   * Children stand after their parents, except those of the root: rows are added to the parent's
   * from the last on.
   */
  private long[] sum() {
    long[] sums = own.clone();
    for (int i = index.size() - 1; i >= 0; i--) {
      int parent = index.parent(i);
      if (parent >= 0) {
        for (int column = 0; column < SUMMED; column++) {
          sums[parent * COLUMNS + column] += sums[i * COLUMNS + column];
        }
      }
    }
    return sums;
  }

  private static MemoryFigures figures(long[] rows, int row) {
    long external = rows[row + EXTERNAL_BYTES];
    return new MemoryFigures(
        rows[row + ALLOCATED_BYTES] - rows[row + FREED_BYTES] + external,
        external,
        rows[row + ALLOCATED_BYTES],
        rows[row + FREED_BYTES],
        rows[row + ALLOCATIONS],
        rows[row + FREES],
        rows[row + REFUSALS],
        rows[row + BACKPRESSURE_NANOS]);
  }
}
