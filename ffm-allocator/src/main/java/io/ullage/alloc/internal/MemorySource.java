package io.ullage.alloc.internal;

/** Where chunks come from: page-aligned, zeroed memory of the operating system. Thread-safe. */
public interface MemorySource {
  /** The size that mappings are rounded to. */
  long pageBytes();

  /** Whether native access is enabled; without it {@link #map} is never called. */
  boolean isNative();

  /**
   * Maps zeroed memory.
   *
   * @param byteSize a multiple of the page size
   * @param byteAlignment a power of two
   * @return the address
   * @throws OutOfMemoryError if the system has no more; nothing stays mapped then
   */
  long map(long byteSize, long byteAlignment);

  /** Gives back a whole mapping. Costs milliseconds for large ones: never on a caller's thread. */
  void unmap(long address, long byteSize);
}
