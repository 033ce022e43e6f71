package io.ullage.observe;

import io.ullage.core.ComponentFigures;

/**
 * The figures of one component and of all below it, as JMX shows them.
 *
 * @param limitBytes the limit in bytes, -1 where there is none
 * @param reservedBytes bytes that count against the limit now
 * @param peakReservedBytes the most that ever did
 * @param usedBytes bytes in use
 * @param ownUsedBytes bytes in use by the component itself
 * @param refusals charges refused so far
 * @param overBounds whether more is reserved than was declared
 */
public record ComponentUsage(
    long limitBytes,
    long reservedBytes,
    long peakReservedBytes,
    long usedBytes,
    long ownUsedBytes,
    long refusals,
    boolean overBounds) {
  static ComponentUsage of(ComponentFigures figures) {
    return new ComponentUsage(
        figures.limitBytes() == Long.MAX_VALUE ? -1 : figures.limitBytes(),
        figures.total().reservedBytes(),
        figures.peakReservedBytes(),
        figures.total().usedBytes(),
        figures.own().usedBytes(),
        figures.total().refusals(),
        figures.overBounds());
  }
}
