package io.ullage.alloc.internal;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Turns raw memory of a pool into a segment that lives as long as an arena. */
public final class ScopedMemory {
  private ScopedMemory() {}

  /** The segment over the bytes; the caller owns them until the arena is closed, and no longer. */
  // Restricted since any address could be named here: those named are slots that were just taken.
  @SuppressWarnings("restricted")
  public static MemorySegment open(long address, long byteSize, Arena lifetime) {
    return MemorySegment.ofAddress(address).reinterpret(byteSize, lifetime, null);
  }
}
