package io.ullage.core;

/**
 * What one component, or one component with all below it, has taken. All counts but the first two
 * only grow.
 *
 * @param reservedBytes bytes that count against the limits now, external bytes included
 * @param externalBytes the part of it that somebody else allocated
 * @param allocatedBytes bytes ever charged
 * @param freedBytes bytes ever discharged
 * @param allocations number of charges
 * @param frees number of discharges
 * @param refusals charges refused
 * @param backpressureNanos time spent waiting for room, in nanoseconds
 */
public record MemoryFigures(
    long reservedBytes,
    long externalBytes,
    long allocatedBytes,
    long freedBytes,
    long allocations,
    long frees,
    long refusals,
    long backpressureNanos) {
  /** No memory at all. */
  public static final MemoryFigures ZERO = new MemoryFigures(0, 0, 0, 0, 0, 0, 0, 0);

  /**
   * Bytes in use: allocated and not freed yet.
   *
   * @return bytes
   */
  public long usedBytes() {
    return allocatedBytes - freedBytes;
  }

  /**
   * The sum with other figures.
   *
   * @param other what to add
   * @return the sum, field by field
   */
  public MemoryFigures plus(MemoryFigures other) {
    return new MemoryFigures(
        reservedBytes + other.reservedBytes,
        externalBytes + other.externalBytes,
        allocatedBytes + other.allocatedBytes,
        freedBytes + other.freedBytes,
        allocations + other.allocations,
        frees + other.frees,
        refusals + other.refusals,
        backpressureNanos + other.backpressureNanos);
  }

  /**
   * The difference from other figures.
   *
   * @param other what to subtract
   * @return the difference, field by field
   */
  public MemoryFigures minus(MemoryFigures other) {
    return new MemoryFigures(
        reservedBytes - other.reservedBytes,
        externalBytes - other.externalBytes,
        allocatedBytes - other.allocatedBytes,
        freedBytes - other.freedBytes,
        allocations - other.allocations,
        frees - other.frees,
        refusals - other.refusals,
        backpressureNanos - other.backpressureNanos);
  }
}
