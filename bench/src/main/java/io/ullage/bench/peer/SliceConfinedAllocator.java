package io.ullage.bench.peer;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The least that a pool with safe closing can cost: a slice of one slab, a confined scope of its
 * own and one object that holds both. It accounts for nothing, has slots of one size, and belongs
 * to one thread.
 */
public final class SliceConfinedAllocator implements PeerAllocator<SliceConfinedAllocator.Slot> {
  private static final long SLOT_ALIGNMENT = 64;

  private final Arena arena = Arena.ofShared();
  private final MemorySegment slab;
  private final long slotBytes;
  private final int[] free;
  private int freeCount;

  /** A pool of slots for buffers of at most some size. */
  public SliceConfinedAllocator(long largestByteSize, int slots) {
    slotBytes = (largestByteSize + SLOT_ALIGNMENT - 1) & -SLOT_ALIGNMENT;
    slab = arena.allocate(slotBytes * slots, PAGE_BYTES);
    free = new int[slots];
    for (int slot = 0; slot < slots; slot++) {
      free[slot] = slot;
    }
    freeCount = slots;
  }

  @Override
  @SuppressWarnings("restricted") // Only reinterpret gives a slice a scope of its own.
  public Slot acquire(long byteSize) {
    int slot = free[--freeCount];
    Arena scope = Arena.ofConfined();
    return new Slot(slab.asSlice(slot * slotBytes, byteSize).reinterpret(scope, null), scope, slot);
  }

  @Override
  public void set(Slot buffer, long offset, long value) {
    buffer.segment.set(ValueLayout.JAVA_LONG, offset, value);
  }

  @Override
  public void zero(Slot buffer, long byteSize) {
    buffer.segment.fill((byte) 0);
  }

  @Override
  public void release(Slot buffer) {
    buffer.scope.close();
    free[freeCount++] = buffer.slot;
  }

  @Override
  public boolean allowsForeignRelease() {
    return false;
  }

  @Override
  public void close() {
    arena.close();
  }

  /** A slot in use. */
  public static final class Slot {
    private final MemorySegment segment;
    private final Arena scope;
    private final int slot;

    private Slot(MemorySegment segment, Arena scope, int slot) {
      this.segment = segment;
      this.scope = scope;
      this.slot = slot;
    }
  }
}
