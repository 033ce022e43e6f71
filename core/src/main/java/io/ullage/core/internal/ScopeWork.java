package io.ullage.core.internal;

import io.ullage.core.WorkFigures;
import java.util.concurrent.atomic.LongAdder;

/** Adds up the work done in the scopes of one component. Thread-safe. */
public final class ScopeWork {
  private final LongAdder exclusiveCpuNanos = new LongAdder();
  private final LongAdder inclusiveCpuNanos = new LongAdder();
  private final LongAdder exclusiveHeapBytes = new LongAdder();
  private final LongAdder inclusiveHeapBytes = new LongAdder();

  void addExclusive(long cpuNanos, long heapBytes) {
    exclusiveCpuNanos.add(cpuNanos);
    exclusiveHeapBytes.add(heapBytes);
  }

  void addInclusive(long cpuNanos, long heapBytes) {
    inclusiveCpuNanos.add(cpuNanos);
    inclusiveHeapBytes.add(heapBytes);
  }

  /** The sums so far. */
  public WorkFigures figures() {
    return new WorkFigures(
        exclusiveCpuNanos.sum(),
        inclusiveCpuNanos.sum(),
        exclusiveHeapBytes.sum(),
        inclusiveHeapBytes.sum());
  }
}
