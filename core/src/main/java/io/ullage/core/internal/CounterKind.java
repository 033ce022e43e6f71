package io.ullage.core.internal;

/**
 * The counters that each component has in the counter file; the type id is part of the file's
 * format.
 */
public enum CounterKind {
  /** Bytes that the component itself has reserved. */
  RESERVED_BYTES(1),
  /** The part of it that somebody else allocated. */
  EXTERNAL_BYTES(2),
  /** The limit of the subtree. */
  LIMIT_BYTES(3),
  /** The most that the subtree ever had reserved. */
  PEAK_RESERVED_BYTES(4),
  /** Bytes ever charged. */
  ALLOCATED_BYTES(5),
  /** Bytes ever discharged. */
  FREED_BYTES(6),
  /** Number of charges. */
  ALLOCATIONS(7),
  /** Number of discharges. */
  FREES(8),
  /** Charges refused. */
  REFUSALS(9),
  /** Time spent waiting for room. */
  BACKPRESSURE_NANOS(10);

  /** How many counters a component takes. */
  public static final int COUNT = values().length;

  private final int typeId;

  CounterKind(int typeId) {
    this.typeId = typeId;
  }

  /** Where it stands in an array of all kinds. */
  public int index() {
    return typeId - 1;
  }

  public int typeId() {
    return typeId;
  }
}
