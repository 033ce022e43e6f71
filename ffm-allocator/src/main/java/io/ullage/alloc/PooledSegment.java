package io.ullage.alloc;

import io.ullage.alloc.internal.GuardedBytes;
import io.ullage.alloc.internal.Rarity;
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
import java.util.Objects;

/**
 * One pooled buffer with a confined scope: acquire, use, {@link #close}.
 *
 * <p>Only the thread that acquired or attached it may use or close it; any other gets {@link
 * WrongThreadException}. After {@link #close} or {@link #detach} every access to {@link #segment}
 * and to whatever was derived from it throws {@link IllegalStateException}: the memory may belong
 * to somebody else by then, and nobody can reach it through this object. To hand the bytes on,
 * {@link #detach} and have the receiver {@link DetachedSegment#attach}.
 *
 * <p>A segment that is neither closed nor detached keeps its memory and its charge.
 */
public final class PooledSegment implements AutoCloseable {
  private final Arena scope;
  private final MemorySegment segment;
  private Slot slot;

  private PooledSegment(Arena scope, MemorySegment segment, Slot slot) {
    this.scope = scope;
    this.segment = segment;
    this.slot = slot;
  }

  /** Opens a scope over an ordinary slot that is listed. */
  static PooledSegment open(Slot slot, long byteSize) {
    Arena scope = Arena.ofConfined();
    // Made before the handle, which then needs neither zeroing nor card marks.
    MemorySegment segment = ScopedMemory.open(slot.address(), byteSize, scope);
    return new PooledSegment(scope, segment, slot);
  }

  /** Opens a scope over listed memory, or over a part of it, which stays charged. */
  static PooledSegment open(Slot slot, long address, long byteSize) {
    Arena scope = Arena.ofConfined();
    return open(slot, scope, ScopedMemory.open(address, byteSize, scope));
  }

  /** Opens an arena of the JDK, where there is no native access. */
  static PooledSegment openArena(Slot slot, Tenant tenant, long byteSize, long byteAlignment) {
    tenant.cache().transfer(slot, tenant);
    Arena scope = Arena.ofConfined();
    return open(slot, scope, scope.allocate(byteSize, byteAlignment));
  }

  private static PooledSegment open(Slot slot, Arena scope, MemorySegment segment) {
    Rarity rarity = slot.rarity();
    if (rarity != null) {
      rarity.watch(slot.tenant().cache().slots().leaks(), scope.scope(), slot);
    }
    return new PooledSegment(scope, segment, slot);
  }

  /**
   * The bytes.
   *
   * @return a segment of exactly the size that was asked for, at least 16-byte aligned (a slice: as
   *     its offset is); the same each time
   */
  public MemorySegment segment() {
    return segment;
  }

  /**
   * The size that was asked for.
   *
   * @return bytes
   */
  public long byteSize() {
    return segment.byteSize();
  }

  /**
   * What the component is charged, that is, the size of the slot; a slice shares it with its
   * parent.
   *
   * @return bytes, 0 once this is closed or detached
   * @throws WrongThreadException if another thread owns this buffer
   */
  public long chargedBytes() {
    requireThread();
    return scope.scope().isAlive() ? slot.chargedBytes() : 0;
  }

  /**
   * Who is charged.
   *
   * @return the component
   * @throws IllegalStateException if this buffer is closed or detached: nobody is, for it
   */
  public Component component() {
    Component component = slot.component();
    if (!scope.scope().isAlive()) {
      throw new IllegalStateException("Already closed");
    }
    return component;
  }

  /**
   * A part of this buffer with a lifetime of its own: both can be detached and closed in any order,
   * and the memory goes back when the last of them is closed.
   *
   * @param offset where it begins, in bytes
   * @param byteSize its size, in bytes
   * @return an open buffer of the current thread
   * @throws IndexOutOfBoundsException if the part is not within this buffer
   * @throws IllegalStateException if this buffer is closed or detached
   * @throws WrongThreadException if another thread owns this buffer
   */
  public PooledSegment slice(long offset, long byteSize) {
    requireOwner();
    Objects.checkFromIndexSize(offset, byteSize, byteSize());
    if (isArenas()) {
      throw new UnsupportedOperationException(
          "Without native access a buffer cannot be sliced with a lifetime of its own");
    }
    SlotCache cache = slot.tenant().cache();
    SlotHold hold = slot.hold();
    SlotHold shared = hold == null ? new SlotHold(null, null, null) : hold;
    Slot part = cache.list(slot.rare(shared), slot.tenant());
    PooledSegment slice;
    try {
      if (hold == null) {
        // Ends as ordinary; goes on as a slot that is shared.
        Slot whole = slot.rare(shared);
        cache.replace(slot, whole);
        slot = whole;
      }
      slice = open(part, segment.address() + offset, byteSize);
    } catch (Throwable failure) {
      cache.strike(part);
      throw failure;
    }
    shared.retain();
    return slice;
  }

  /**
   * Moves the charge to another component.
   *
   * @param receiver whose component is charged from now on; room is reserved there first
   * @throws io.ullage.core.MemoryLimitException if the receiver has no room; nothing has changed
   * @throws IllegalStateException if this buffer is closed or detached, or shares its slot with
   *     slices that are still open
   * @throws WrongThreadException if another thread owns this buffer
   */
  public void moveTo(ComponentToken receiver) {
    requireOwner();
    Component giver = slot.component();
    if (receiver.component() == giver) {
      return;
    }
    SlotHold.requireUnshared(slot.hold());
    ChunkPool.requireOwn(receiver, giver.registry());
    SlotCache cache = slot.tenant().cache();
    Tenant received = cache.tenant(receiver.component());
    giver.transferTo(receiver.component(), slot.chargedBytes());
    cache.transfer(slot, received);
  }

  /**
   * Ends this scope and makes a handle that another thread can attach. The bytes stay as they are
   * and stay charged.
   *
   * @return a handle for exactly one use
   * @throws IllegalStateException if this buffer is closed or detached already
   * @throws WrongThreadException if another thread owns this buffer
   */
  public DetachedSegment detach() {
    requireThread();
    if (isArenas()) {
      requireOwner();
      Objects.requireNonNull(slot.hold())
          .keep(Arena.ofAuto().allocate(byteSize(), 16).copyFrom(segment));
    }
    DetachedSegment detached =
        new DetachedSegment(
            slots(), slot.component(), slot.detached(), segment.address(), byteSize());
    endScope();
    detached.keepReachable(slot.tenant().cache(), slot);
    return detached;
  }

  /**
   * Ends this scope and gives the memory back.
   *
   * @throws IllegalStateException if this buffer is closed or detached already, or while a native
   *     call uses it; nothing has changed then
   * @throws WrongThreadException if another thread owns this buffer
   */
  @Override
  public void close() {
    Slot ended = slot;
    if (ended.rarity() != null) {
      closeRare(ended.rarity());
      return;
    }
    scope.close();
    ended.close();
  }

  private void closeRare(Rarity rarity) {
    endScope();
    slot.tenant().cache().strike(slot);
    GuardedBytes guarded = rarity.hold().isShared() ? null : rarity.hold().guarded();
    boolean intact = guarded == null || guarded.poison();
    slots().release(slot, slot.component());
    if (!intact) {
      throw new IllegalStateException(
          "Bytes behind the end of a buffer of "
              + byteSize()
              + " bytes were overwritten"
              + rarity.sites());
    }
  }

  /** Closes the scope; a second time names where the first was, if sites are recorded. */
  private void endScope() {
    Rarity rarity = slot.rarity();
    try {
      scope.close();
    } catch (IllegalStateException refusal) {
      throw rarity == null || scope.scope().isAlive()
          ? refusal
          : new IllegalStateException(refusal.getMessage() + rarity.sites(), refusal);
    }
    if (rarity != null) {
      rarity.forget(slots().leaks(), slots().sampling().ends());
    }
  }

  private SlotAllocator slots() {
    return slot.tenant().cache().slots();
  }

  /** Whether every byte is known to be zero, if nobody wrote to it yet. */
  boolean isFresh() {
    return SlotHold.isFresh(slot.hold());
  }

  /** Whether the memory is an arena of the JDK's, for want of native access. */
  private boolean isArenas() {
    return SlotHold.isArenas(slot.hold());
  }

  private void requireThread() {
    if (!segment.isAccessibleBy(Thread.currentThread())) {
      throw new WrongThreadException("Another thread owns this segment");
    }
  }

  private void requireOwner() {
    requireThread();
    if (!scope.scope().isAlive()) {
      throw new IllegalStateException("Already closed");
    }
  }

  @Override
  public String toString() {
    Component component = slot.component();
    return "PooledSegment["
        + byteSize()
        + " bytes, "
        + (scope.scope().isAlive() ? component.path() : "closed")
        + "]";
  }
}
