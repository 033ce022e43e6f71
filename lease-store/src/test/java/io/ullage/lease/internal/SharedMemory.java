package io.ullage.lease.internal;

import java.util.Arrays;

/** The memory of one record and the clock, as {@link RecordProtocolSearchTest} explores them. */
final class SharedMemory {
  static final int WORD = 0;
  static final int OWNER = 1;
  static final int TOKEN = 2;
  static final int CLOCK = 3;

  /** The greatest token that was handed out, kept by the search and not by the protocol. */
  static final int GRANTED = 4;

  final long[] cells;

  SharedMemory() {
    this(new long[] {0, 0, 0, 1_000, 0});
  }

  private SharedMemory(long[] cells) {
    this.cells = cells;
  }

  SharedMemory copy() {
    return new SharedMemory(cells.clone());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SharedMemory that && Arrays.equals(cells, that.cells);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(cells);
  }
}
