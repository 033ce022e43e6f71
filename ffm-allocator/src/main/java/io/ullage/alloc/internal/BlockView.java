package io.ullage.alloc.internal;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A shared scope over a slot's bytes, and what was last made in it.
 *
 * <p>Nothing ends the scope of an unguarded block, so the next block over the same slot can have it
 * again. While a block is out, it alone holds the view: once neither block nor segment nor buffer
 * can be reached, the scope cannot either, and the memory is known to be dropped. In between the
 * {@link Slot} at hand keeps it. Whoever holds it guards it.
 */
public final class BlockView {
  private final Arena scope = Arena.ofShared();

  /** The same memory, as the tenancy of a block names it; no cache lists it. */
  private final Slot slot;

  private MemorySegment segment;
  private @Nullable ByteBuffer buffer;

  BlockView(Slot slot) {
    this.slot = slot;
    segment = ScopedMemory.open(slot.address(), slot.chargedBytes(), scope);
  }

  /** The memory. */
  public Slot slot() {
    return slot;
  }

  /** So many of the bytes; the same segment for the same number. */
  public MemorySegment segment(long byteSize) {
    if (segment.byteSize() != byteSize) {
      segment = ScopedMemory.open(slot.address(), byteSize, scope);
      buffer = null;
    }
    return segment;
  }

  /** The bytes of the last segment; the same buffer each time. */
  public ByteBuffer buffer() {
    ByteBuffer known = buffer;
    if (known == null) {
      known = segment.asByteBuffer();
      buffer = known;
    }
    return known.clear();
  }
}
