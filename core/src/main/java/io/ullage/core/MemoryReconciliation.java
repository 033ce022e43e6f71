package io.ullage.core;

import io.ullage.core.internal.ResidentMemory;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.util.OptionalLong;

/**
 * Charged memory beside the memory of the process: how much of the process nobody accounts for.
 *
 * <p>The figures are read one after the other, and of different kinds: resident memory holds only
 * pages that were touched, the others are what was set aside. Unattributed memory is therefore an
 * estimate and may be negative.
 *
 * @param residentBytes the process's resident set; empty where the system does not tell
 * @param heapBytes committed Java heap
 * @param nonHeapBytes committed metaspace, class space and compiled code
 * @param chargedBytes what all components have reserved, external bytes included
 * @param externalBytes the part of it that others allocated
 */
public record MemoryReconciliation(
    OptionalLong residentBytes,
    long heapBytes,
    long nonHeapBytes,
    long chargedBytes,
    long externalBytes) {
  static MemoryReconciliation of(MemorySnapshot snapshot) {
    MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
    MemoryFigures all =
        snapshot.figures("root").map(ComponentFigures::total).orElse(MemoryFigures.ZERO);
    return new MemoryReconciliation(
        ResidentMemory.ofThisProcess(),
        memory.getHeapMemoryUsage().getCommitted(),
        memory.getNonHeapMemoryUsage().getCommitted(),
        all.reservedBytes(),
        all.externalBytes());
  }

  /**
   * Resident memory that is neither heap, nor metaspace or code, nor charged.
   *
   * @return bytes, possibly negative; empty where the system does not tell what is resident
   */
  public OptionalLong unattributedBytes() {
    return residentBytes.isPresent()
        ? OptionalLong.of(residentBytes.getAsLong() - heapBytes - nonHeapBytes - chargedBytes)
        : OptionalLong.empty();
  }
}
