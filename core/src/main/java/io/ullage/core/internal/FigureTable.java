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
 *
 * <p>The counters of what moves only grow, so when their sum is what it was, none of them has
 * changed. One sum stands for a block of levels: to find out whether anything moved costs reading
 * alone.
 */
public final class FigureTable {
  // The first four are what BudgetLevel.readCells fills in; the first five are what moves.
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

  /** When one of its levels moves, a block is summed up once more: about a microsecond. */
  private static final int BLOCK_LEVELS = 64;

  private final LevelIndex index;
  private final long[] own;
  private final long[] movements;
  private final BitSet moved = new BitSet();
  private @Nullable DeclaredBounds @Nullable [] declared;
  private long[] totals = new long[0];

  /** Makes a table of zeros. */
  public FigureTable(LevelIndex index) {
    this.index = index;
    this.own = new long[index.size() * COLUMNS];
    this.movements = new long[(index.size() + BLOCK_LEVELS - 1) / BLOCK_LEVELS];
  }

  /** Which levels it shows. */
  public LevelIndex index() {
    return index;
  }

  /** Only sums up what moves, for the first {@link #read} to compare with. */
  public void look() {
    for (int block = 0; block < movements.length; block++) {
      movements[block] = movements(block);
    }
  }

  /** Reads all levels; true when no byte moved since the last reading, or look. */
  public boolean read() {
    moved.clear();
    for (int block = 0; block < movements.length; block++) {
      long sum = readRows(block);
      if (sum != movements[block]) {
        movements[block] = sum;
        moved.set(block);
      }
    }
    return moved.isEmpty();
  }

  /** Fills the rows of a block; answers the sum of what moves, none of it read before its row. */
  private long readRows(int block) {
    long sum = 0;
    for (int i = begin(block); i < end(block); i++) {
      int row = i * COLUMNS;
      BudgetLevel level = index.level(i);
      level.readCells(own, row);
      own[row + EXTERNAL_BYTES] = level.externalBytes();
      sum += movements(level, own, row);
      own[row + REFUSALS] = level.refusals();
      own[row + BACKPRESSURE_NANOS] = level.backpressureNanos();
      own[row + PEAK] = level.peakGrantedBytes();
      own[row + LIMIT] = level.limitBytes();
      note(i, level.declaredBounds());
    }
    return sum;
  }

  /**
   * Looks again at the blocks that the last reading found changed: whether one of them has changed
   * once more. Changes nothing here.
   */
  public boolean isStillMoving() {
    for (int block = moved.nextSetBit(0); block >= 0; block = moved.nextSetBit(block + 1)) {
      if (movements(block) != movements[block]) {
        return true;
      }
    }
    return false;
  }

  private long movements(int block) {
    long sum = 0;
    long[] cells = new long[BudgetLevel.CELLS];
    for (int i = begin(block); i < end(block); i++) {
      index.level(i).readCells(cells, 0);
      sum += movements(index.level(i), cells, 0);
    }
    return sum;
  }

  private static long movements(BudgetLevel level, long[] cells, int at) {
    long sum = level.externalMovedBytes();
    for (int cell = at; cell < at + BudgetLevel.CELLS; cell++) {
      sum += cells[cell];
    }
    return sum;
  }

  private static int begin(int block) {
    return block * BLOCK_LEVELS;
  }

  private int end(int block) {
    return Math.min(begin(block + 1), index.size());
  }

  /** Few components declare bounds. */
  private void note(int i, @Nullable DeclaredBounds bounds) {
    @Nullable DeclaredBounds[] known = declared;
    if (known == null) {
      if (bounds == null) {
        return;
      }
      known = new @Nullable DeclaredBounds[index.size()];
      declared = known;
    }
    known[i] = bounds;
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
        Optional.ofNullable(declared == null ? null : declared[i]),
        figures(own, row),
        figures(totals, row));
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
