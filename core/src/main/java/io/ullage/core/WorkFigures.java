package io.ullage.core;

/**
 * Work that threads did within a component's scopes. Exclusive figures leave out the time in which
 * a scope entered inside was current; inclusive ones do not. A scope inside another of the same
 * component counts once.
 *
 * @param exclusiveCpuNanos processor time in nanoseconds, without inner scopes
 * @param inclusiveCpuNanos processor time in nanoseconds, with inner scopes
 * @param exclusiveHeapBytes Java heap allocated, without inner scopes
 * @param inclusiveHeapBytes Java heap allocated, with inner scopes
 */
public record WorkFigures(
    long exclusiveCpuNanos,
    long inclusiveCpuNanos,
    long exclusiveHeapBytes,
    long inclusiveHeapBytes) {
  /** No work. */
  public static final WorkFigures ZERO = new WorkFigures(0, 0, 0, 0);
}
