package io.ullage.alloc;

import io.ullage.alloc.internal.DetachedTenancy;
import io.ullage.alloc.internal.ScopedMemory;
import io.ullage.alloc.internal.Slot;
import io.ullage.alloc.internal.SlotAllocator;
import io.ullage.alloc.internal.SlotCache;
import io.ullage.alloc.internal.SlotHold;
import io.ullage.alloc.internal.Tenant;
import io.ullage.core.Component;
import io.ullage.core.ComponentToken;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.util.Optional;

/**
 * A buffer on its way from one thread to another: exactly one {@link #attach}, {@link #moveTo},
 * {@link #tryJoin} or {@link #discard} succeeds, each later one throws {@link
 * IllegalStateException}.
 *
 * <p>Nobody can reach the bytes meanwhile, and they stay charged. Any thread may use the handle.
 * One that is dropped unused is a leak: it is reported as one, and its memory comes back, some time
 * after the garbage collector has found out.
 */
public final class DetachedSegment {
  private final SlotAllocator slots;
  private final DetachedTenancy tenancy;
  private final long address;
  private final long byteSize;

  DetachedSegment(
      SlotAllocator slots, Component component, Slot slot, long address, long byteSize) {
    this.slots = slots;
    this.address = address;
    this.byteSize = byteSize;
    tenancy = slots.leaks().detach(this, component, slot);
  }

  /** Strikes the buffer's slot out of a cache, and has that keep the tenancy reachable. */
  void keepReachable(SlotCache cache, Slot slot) {
    cache.detach(slot, tenancy);
  }

  /**
   * The size that was asked for.
   *
   * @return bytes
   */
  public long byteSize() {
    return byteSize;
  }

  /**
   * What the component is charged, that is, the size of the slot.
   *
   * @return bytes
   */
  public long chargedBytes() {
    return tenancy.slot().chargedBytes();
  }

  /**
   * Who is charged.
   *
   * @return the component
   */
  public Component component() {
    return tenancy.component();
  }

  /**
   * Opens a scope of the current thread over the same bytes.
   *
   * @return an open buffer
   * @throws IllegalStateException if this handle is used up, or the pool is closed (then it can
   *     still be discarded)
   */
  public PooledSegment attach() {
    slots.requireOpen();
    begin();
    boolean done = false;
    try {
      PooledSegment attached = open();
      done = true;
      return attached;
    } finally {
      tenancy.end(done);
      // A use that failed must leave a handle which counted as reachable until here.
      Reference.reachabilityFence(this);
    }
  }

  /**
   * Copies the bytes without attaching, which costs a fraction of it. The handle stays valid; until
   * the copy is made, every other use of it throws {@link IllegalStateException}.
   *
   * @param target where to, at least {@link #byteSize()} bytes behind the offset
   * @param offset where in the target to begin, in bytes
   * @throws IndexOutOfBoundsException if the target is too small
   * @throws IllegalStateException if this handle is used up, or the pool is closed
   */
  public void copyTo(MemorySegment target, long offset) {
    slots.requireOpen();
    begin();
    try {
      MemorySegment.copy(bytes(), 0, target, offset, byteSize);
    } finally {
      tenancy.end(false);
      Reference.reachabilityFence(this);
    }
  }

  /**
   * Moves the charge to another component.
   *
   * @param receiver whose component is charged from now on; room is reserved there first
   * @return a new handle, which replaces this one
   * @throws io.ullage.core.MemoryLimitException if the receiver has no room; this handle stays
   *     valid
   * @throws IllegalStateException if this handle is used up, or shares its slot with slices that
   *     are still open and the receiver is another component than the one that is charged
   */
  public DetachedSegment moveTo(ComponentToken receiver) {
    ChunkPool.requireOwn(receiver, component().registry());
    begin();
    boolean done = false;
    try {
      boolean moves = receiver.component() != component();
      if (moves) {
        SlotHold.requireUnshared(tenancy.slot().hold());
      }
      DetachedSegment moved =
          new DetachedSegment(slots, receiver.component(), tenancy.slot(), address, byteSize);
      if (moves) {
        component().transferTo(receiver.component(), chargedBytes());
      }
      done = true;
      moved.keepReachable(slots.cache(), tenancy.slot());
      return moved;
    } finally {
      tenancy.end(done);
      // A use that failed must leave a handle which counted as reachable until here.
      Reference.reachabilityFence(this);
    }
  }

  /**
   * Joins this with the slice of the same buffer that begins where this one ends.
   *
   * @param next the slice behind this one, charged to the same component
   * @return a handle over both, which replaces them; empty if they are not adjacent slices of one
   *     buffer (then both stay valid)
   * @throws IllegalStateException if one of the handles is used up; the other stays valid
   */
  public Optional<DetachedSegment> tryJoin(DetachedSegment next) {
    SlotHold hold = tenancy.slot().hold();
    if (hold == null
        || hold != next.tenancy.slot().hold()
        || component() != next.component()
        || address + byteSize != next.address
        || this == next) {
      return Optional.empty();
    }
    begin();
    boolean done = false;
    try {
      next.begin();
      try {
        DetachedSegment joined =
            new DetachedSegment(
                slots, component(), tenancy.slot(), address, byteSize + next.byteSize);
        joined.keepReachable(slots.cache(), tenancy.slot());
        hold.releaseOther();
        done = true;
        return Optional.of(joined);
      } finally {
        next.tenancy.end(done);
        Reference.reachabilityFence(next);
      }
    } finally {
      tenancy.end(done);
      // A use that failed must leave a handle which counted as reachable until here.
      Reference.reachabilityFence(this);
    }
  }

  /**
   * Gives the memory back without attaching it.
   *
   * @throws IllegalStateException if this handle is used up
   */
  public void discard() {
    begin();
    tenancy.end(true);
    slots.release(tenancy.slot(), tenancy.component());
  }

  /** The bytes while a use is under way, which keeps them from being freed. */
  private MemorySegment bytes() {
    SlotHold hold = tenancy.slot().hold();
    MemorySegment kept = hold == null ? null : hold.kept();
    return kept == null ? ScopedMemory.open(address, byteSize, Arena.global()) : kept;
  }

  private PooledSegment open() {
    Tenant tenant = slots.tenant(component());
    SlotHold hold = tenancy.slot().hold();
    if (hold != null && hold.kept() != null) {
      PooledSegment opened =
          PooledSegment.openArena(
              tenancy.slot().next(), tenant, byteSize, SegmentPool.DEFAULT_ALIGNMENT_BYTES);
      MemorySegment.copy(hold.kept(), 0, opened.segment(), 0, byteSize);
      hold.keep(null);
      return opened;
    }
    Slot slot = tenant.cache().list(tenancy.slot().next(), tenant);
    try {
      return PooledSegment.open(slot, address, byteSize);
    } catch (Throwable failure) {
      tenant.cache().strike(slot);
      throw failure;
    }
  }

  private void begin() {
    if (!tenancy.tryBegin()) {
      throw new IllegalStateException("This handle has been used already");
    }
  }

  @Override
  public String toString() {
    return "DetachedSegment[" + byteSize + " bytes, " + component().path() + "]";
  }
}
