package io.ullage.alloc;

import io.ullage.alloc.internal.AllocationSite;
import io.ullage.alloc.internal.GuardedBytes;
import io.ullage.alloc.internal.LeakDetector;
import io.ullage.alloc.internal.ScopedMemory;
import io.ullage.alloc.internal.SizeClasses;
import io.ullage.alloc.internal.SlotCache;
import io.ullage.alloc.internal.SlotHold;
import io.ullage.core.Component;
import io.ullage.core.ComponentToken;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

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
  private final SegmentPool pool;
  private final @Nullable SlotCache cache;
  private final int entry;
  private final int sizeClass;
  private final long slotAddress;
  private final Arena scope;
  private final MemorySegment segment;
  private Component component;
  private @Nullable SlotHold hold;
  private LeakDetector.@Nullable Watch watch;
  private @Nullable AllocationSite endSite;

  private PooledSegment(
      SegmentPool pool,
      Component component,
      @Nullable SlotCache cache,
      int entry,
      int sizeClass,
      long slotAddress,
      Arena scope,
      MemorySegment segment,
      @Nullable SlotHold hold) {
    this.pool = pool;
    this.component = component;
    this.cache = cache;
    this.entry = entry;
    this.sizeClass = sizeClass;
    this.slotAddress = slotAddress;
    this.scope = scope;
    this.segment = segment;
    this.hold = hold;
  }

  /** Opens a scope over listed memory, or over a part of it, which stays charged. */
  static PooledSegment open(
      SegmentPool pool,
      Component component,
      SlotCache cache,
      int entry,
      long slotAddress,
      long address,
      long byteSize,
      int sizeClass,
      @Nullable SlotHold hold) {
    Arena scope = Arena.ofConfined();
    MemorySegment segment = ScopedMemory.open(address, byteSize, scope);
    PooledSegment opened =
        new PooledSegment(
            pool, component, cache, entry, sizeClass, slotAddress, scope, segment, hold);
    if (hold != null) {
      opened.watch();
      cache.relist(entry, component, hold);
    }
    return opened;
  }

  /** Opens an arena of the JDK, where there is no native access. */
  static PooledSegment openArena(
      SegmentPool pool, Component component, long byteSize, long byteAlignment, SlotHold hold) {
    Arena scope = Arena.ofConfined();
    MemorySegment segment = scope.allocate(byteSize, byteAlignment);
    PooledSegment opened =
        new PooledSegment(pool, component, null, SlotCache.UNLISTED, -1, 0, scope, segment, hold);
    opened.watch();
    return opened;
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
   * @return bytes
   */
  public long chargedBytes() {
    return LeakDetector.chargedBytes(sizeClass, hold);
  }

  /**
   * Who is charged.
   *
   * @return the component
   */
  public Component component() {
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
    if (cache == null) {
      throw new UnsupportedOperationException(
          "Without native access a buffer cannot be sliced with a lifetime of its own");
    }
    SlotHold shared = hold == null ? new SlotHold(null, null, null) : hold;
    long address = segment.address() + offset;
    int sliceEntry = cache.list(slotAddress, sizeClass, component, shared);
    PooledSegment slice;
    try {
      slice =
          open(
              pool,
              component,
              cache,
              sliceEntry,
              slotAddress,
              address,
              byteSize,
              sizeClass,
              shared);
    } catch (Throwable failure) {
      cache.strike(sliceEntry);
      throw failure;
    }
    shared.retain();
    if (hold == null) {
      hold = shared;
      cache.relist(entry, component, shared);
    }
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
    SlotHold.requireUnshared(hold);
    pool.chunkPool().requireOwn(receiver);
    component.transferTo(receiver.component(), chargedBytes());
    component = receiver.component();
    if (cache != null) {
      cache.relist(entry, component, hold);
    }
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
    if (cache == null) {
      requireOwner();
      Objects.requireNonNull(hold).keep(Arena.ofAuto().allocate(byteSize(), 16).copyFrom(segment));
    }
    DetachedSegment detached =
        new DetachedSegment(
            pool, component, slotAddress, segment.address(), byteSize(), sizeClass, hold);
    endScope();
    detached.keepReachable(cache == null ? pool.slots().cache() : cache, entry);
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
    if (hold != null || cache == null) {
      closeUnusual();
      return;
    }
    scope.close();
    cache.close(entry, sizeClass, slotAddress);
    component.discharge(SizeClasses.slotBytes(sizeClass));
  }

  private void closeUnusual() {
    endScope();
    if (cache != null) {
      cache.strike(entry);
    }
    GuardedBytes guarded = hold == null || hold.isShared() ? null : hold.guarded();
    boolean intact = guarded == null || guarded.poison();
    pool.slots().release(slotAddress, sizeClass, component, hold);
    if (!intact) {
      throw new IllegalStateException(
          "Bytes behind the end of a buffer of "
              + byteSize()
              + " bytes were overwritten"
              + sites());
    }
  }

  /** Closes the scope; a second time names where the first was, if sites are recorded. */
  private void endScope() {
    try {
      scope.close();
    } catch (IllegalStateException refusal) {
      throw hold == null || scope.scope().isAlive()
          ? refusal
          : new IllegalStateException(refusal.getMessage() + sites(), refusal);
    }
    endSite = pool.chunkPool().guardBytes() > 0 ? AllocationSite.here() : null;
    if (watch != null) {
      pool.slots().leaks().forget(watch);
    }
  }

  private void watch() {
    if (hold != null && hold.site() != null) {
      long bytes = chargedBytes();
      // The memory comes back with the thread's ledger.
      watch =
          pool.slots().leaks().watch(scope.scope(), component, () -> bytes, hold.site(), () -> {});
    }
  }

  private String sites() {
    return (hold == null || hold.site() == null ? "" : "\nAcquired:" + hold.site())
        + (endSite == null ? "" : "\nClosed or detached:" + endSite);
  }

  /** Whether every byte is known to be zero, if nobody wrote to it yet. */
  boolean isFresh() {
    return hold != null && hold.span() != null && hold.span().fresh();
  }

  private void requireOwner() {
    if (!segment.isAccessibleBy(Thread.currentThread())) {
      throw new WrongThreadException("Another thread owns this segment");
    }
    if (!scope.scope().isAlive()) {
      throw new IllegalStateException("Already closed");
    }
  }

  @Override
  public String toString() {
    return "PooledSegment[" + byteSize() + " bytes, " + component.path() + "]";
  }
}
