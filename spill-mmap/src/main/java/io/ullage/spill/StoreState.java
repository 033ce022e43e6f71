package io.ullage.spill;

/** How a queue's store does. */
public enum StoreState {
  /** It took and gave what it was asked to. */
  OK,

  /** It took only a part of the last batch; the rest stayed in memory and is offered again. */
  PARTIAL,

  /**
   * It has no room: its budget is spent, the free-space floor is reached, or the device is full.
   */
  FULL,

  /** It failed to write. */
  WRITE_FAILED,

  /** It failed to read; what is in it is still there. */
  READ_FAILED
}
