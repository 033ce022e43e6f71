package io.ullage.core;

import java.util.Optional;

/**
 * One component in a snapshot.
 *
 * @param path its dotted name
 * @param limitBytes the limit of its subtree, {@link Long#MAX_VALUE} when it has none
 * @param peakReservedBytes the most that its subtree ever had reserved
 * @param declaredBounds what it declared that it needs; empty if it did not
 * @param own what it has taken itself
 * @param total what it and everything below it have taken
 */
public record ComponentFigures(
    String path,
    long limitBytes,
    long peakReservedBytes,
    Optional<DeclaredBounds> declaredBounds,
    MemoryFigures own,
    MemoryFigures total) {
  /**
   * Makes the figures of a component that declared no bounds.
   *
   * @param path its dotted name
   * @param limitBytes the limit of its subtree, {@link Long#MAX_VALUE} when it has none
   * @param peakReservedBytes the most that its subtree ever had reserved
   * @param own what it has taken itself
   * @param total what it and everything below it have taken
   */
  public ComponentFigures(
      String path,
      long limitBytes,
      long peakReservedBytes,
      MemoryFigures own,
      MemoryFigures total) {
    this(path, limitBytes, peakReservedBytes, Optional.empty(), own, total);
  }

  /**
   * Whether the component and everything below it have reserved more than they declared, which can
   * happen only where bounds are not enforced.
   *
   * @return false too if nothing was declared
   */
  public boolean overBounds() {
    return declaredBounds
        .map(declared -> total.reservedBytes() > declared.totalFirmBytes())
        .orElse(false);
  }

  /**
   * How much more fits below the limit.
   *
   * @return bytes; zero when the limit was lowered below what is reserved, {@link Long#MAX_VALUE}
   *     without a limit
   */
  public long headroomBytes() {
    return limitBytes == Long.MAX_VALUE
        ? limitBytes
        : Math.max(0, limitBytes - total.reservedBytes());
  }

  /**
   * Which part of the limit is reserved.
   *
   * @return 0 without a limit, 1 when all is taken
   */
  public double limitShare() {
    return limitBytes == Long.MAX_VALUE
        ? 0
        : total.reservedBytes() / (double) Math.max(1, limitBytes);
  }
}
