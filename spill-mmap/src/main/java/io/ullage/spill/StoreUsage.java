package io.ullage.spill;

/**
 * What a store holds.
 *
 * @param diskBytes bytes allocated in files, recycled files included
 * @param mappedBytes bytes of address space mapped to files
 * @param memoryBytes bytes held in memory, file systems in memory included
 */
public record StoreUsage(long diskBytes, long mappedBytes, long memoryBytes) {
  /** The usage of a store that holds nothing. */
  public static final StoreUsage EMPTY = new StoreUsage(0, 0, 0);
}
