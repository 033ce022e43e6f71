package io.ullage.alloc.internal;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A buffer whose end is guarded, and whose bytes are overwritten when it is freed: the paranoid
 * mode.
 *
 * <pre>
 *   | user's bytes | guard, at least 16 bytes of 0xA7 | the slot ends here
 * </pre>
 *
 * <p>Java code cannot write behind the end; native code that was given the address can.
 */
public final class GuardedBytes {
  /** How much more is asked for. */
  public static final int GUARD_BYTES = 16;

  private static final byte GUARD = (byte) 0xA7;
  private static final byte POISON = (byte) 0xDE;

  private final MemorySegment slot;
  private final long byteSize;

  /** Writes the guard. */
  public GuardedBytes(long address, long byteSize, long slotBytes) {
    slot = ScopedMemory.open(address, slotBytes, Arena.global());
    this.byteSize = byteSize;
    guard().fill(GUARD);
  }

  /** Overwrites the slot; true if the guard had been left alone. */
  public boolean poison() {
    MemorySegment guard = guard();
    boolean intact = true;
    for (long at = 0; at < guard.byteSize(); at++) {
      intact &= guard.get(ValueLayout.JAVA_BYTE, at) == GUARD;
    }
    slot.fill(POISON);
    return intact;
  }

  private MemorySegment guard() {
    return slot.asSlice(byteSize, Math.min(GUARD_BYTES, slot.byteSize() - byteSize));
  }
}
