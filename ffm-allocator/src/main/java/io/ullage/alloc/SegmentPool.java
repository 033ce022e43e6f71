package io.ullage.alloc;

import io.ullage.alloc.internal.AllocationSite;
import io.ullage.alloc.internal.GuardedBytes;
import io.ullage.alloc.internal.SizeClasses;
import io.ullage.alloc.internal.SlotAllocator;
import io.ullage.alloc.internal.SlotCache;
import io.ullage.alloc.internal.SlotHold;
import io.ullage.alloc.internal.Span;
import io.ullage.core.Component;
import io.ullage.core.ComponentToken;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Hands out single buffers, each with a lifetime of its own.
 *
 * <p>A buffer is charged to the component of the token, by the slot that it takes (at most a
 * quarter more than was asked for, from 64 bytes up). Its bytes are whatever the last user left
 * there, unless {@link #acquireZeroed} is used. Thread-safe; costs about as much as a slice with a
 * confined arena.
 */
public final class SegmentPool {
  /** What every segment is aligned to unless more is asked for: as {@code malloc}. */
  public static final long DEFAULT_ALIGNMENT_BYTES = SizeClasses.MIN_SLOT_BYTES;

  /** Stands for the class of what is not a slot. */
  static final int SPAN = -1;

  private final ChunkPool pool;
  private final SlotAllocator slots;
  private final boolean isNative;
  private final int guardBytes;

  private SegmentPool(ChunkPool pool) {
    this.pool = pool;
    slots = pool.slots();
    isNative = slots.isNative();
    guardBytes = pool.guardBytes();
  }

  /**
   * A segment pool that takes its memory from a chunk pool; several may share one.
   *
   * @param pool where memory comes from; the one to close at the end
   * @return the segment pool
   */
  public static SegmentPool over(ChunkPool pool) {
    return new SegmentPool(pool);
  }

  /**
   * Where memory comes from.
   *
   * @return the chunk pool
   */
  public ChunkPool chunkPool() {
    return pool;
  }

  /**
   * Acquires a buffer of arbitrary contents for the current thread.
   *
   * @param token whose component is charged
   * @param byteSize bytes, zero or more
   * @return an open buffer, 16-byte aligned
   * @throws io.ullage.core.MemoryLimitException if a limit leaves no room for it
   * @throws IllegalStateException if the pool or the component is closed
   * @throws OutOfMemoryError if the system has no more memory; nothing stays charged
   */
  public PooledSegment acquire(ComponentToken token, long byteSize) {
    return acquire(token, byteSize, DEFAULT_ALIGNMENT_BYTES);
  }

  /**
   * Acquires an aligned buffer of arbitrary contents for the current thread.
   *
   * @param token whose component is charged
   * @param byteSize bytes, zero or more
   * @param byteAlignment a power of two
   * @return an open buffer, at least 16-byte aligned
   * @throws io.ullage.core.MemoryLimitException if a limit leaves no room for it
   * @throws IllegalStateException if the pool or the component is closed
   * @throws OutOfMemoryError if the system has no more memory; nothing stays charged
   */
  public PooledSegment acquire(ComponentToken token, long byteSize, long byteAlignment) {
    Block.checkRequest(byteSize, byteAlignment);
    pool.requireOwn(token);
    Component component = token.component();
    int sizeClass = sizeClass(byteSize, byteAlignment);
    component.charge(chargedBytes(sizeClass, byteSize));
    return open(component, byteSize, byteAlignment, sizeClass);
  }

  /**
   * Acquires a buffer that is all zero.
   *
   * @param token whose component is charged
   * @param byteSize bytes, zero or more
   * @return an open buffer, 16-byte aligned
   * @throws io.ullage.core.MemoryLimitException if a limit leaves no room for it
   * @throws IllegalStateException if the pool or the component is closed
   * @throws OutOfMemoryError if the system has no more memory; nothing stays charged
   */
  public PooledSegment acquireZeroed(ComponentToken token, long byteSize) {
    PooledSegment segment = acquire(token, byteSize);
    if (!segment.isFresh()) {
      segment.segment().fill((byte) 0);
    }
    return segment;
  }

  /**
   * Acquires a buffer of arbitrary contents if every limit has room for it now; no pressure
   * listener is called.
   *
   * @param token whose component is charged
   * @param byteSize bytes, zero or more
   * @return an open buffer, or empty if a limit leaves no room
   * @throws IllegalStateException if the pool or the component is closed
   * @throws OutOfMemoryError if the system has no more memory; nothing stays charged
   */
  public Optional<PooledSegment> tryAcquire(ComponentToken token, long byteSize) {
    Block.checkRequest(byteSize, DEFAULT_ALIGNMENT_BYTES);
    pool.requireOwn(token);
    Component component = token.component();
    int sizeClass = sizeClass(byteSize, DEFAULT_ALIGNMENT_BYTES);
    return component.tryCharge(chargedBytes(sizeClass, byteSize))
        ? Optional.of(open(component, byteSize, DEFAULT_ALIGNMENT_BYTES, sizeClass))
        : Optional.empty();
  }

  /**
   * Acquires a buffer of arbitrary contents, waiting for room if there is none.
   *
   * @param token whose component is charged
   * @param byteSize bytes, zero or more
   * @param timeout how long to wait at most
   * @return an open buffer, 16-byte aligned
   * @throws io.ullage.core.MemoryLimitException if there was no room until the timeout
   * @throws InterruptedException if interrupted while waiting; nothing stays charged
   * @throws IllegalStateException if the pool or the component is closed
   * @throws OutOfMemoryError if the system has no more memory; nothing stays charged
   */
  public PooledSegment acquire(ComponentToken token, long byteSize, Duration timeout)
      throws InterruptedException {
    Block.checkRequest(byteSize, DEFAULT_ALIGNMENT_BYTES);
    Objects.requireNonNull(timeout, "timeout");
    pool.requireOwn(token);
    Component component = token.component();
    int sizeClass = sizeClass(byteSize, DEFAULT_ALIGNMENT_BYTES);
    component.charge(chargedBytes(sizeClass, byteSize), timeout);
    return open(component, byteSize, DEFAULT_ALIGNMENT_BYTES, sizeClass);
  }

  SlotAllocator slots() {
    return slots;
  }

  /** The class of the slot, or {@link #SPAN} if no slot can serve the request. */
  private int sizeClass(long byteSize, long byteAlignment) {
    long slotBytes = byteSize + guardBytes;
    return isNative && SizeClasses.fits(slotBytes, byteAlignment)
        ? SizeClasses.of(slotBytes, byteAlignment)
        : SPAN;
  }

  private long chargedBytes(int sizeClass, long byteSize) {
    return sizeClass == SPAN ? slots.spanBytes(byteSize) : SizeClasses.slotBytes(sizeClass);
  }

  /** Takes the memory, which has been charged, and opens its scope; on failure neither remains. */
  private PooledSegment open(
      Component component, long byteSize, long byteAlignment, int sizeClass) {
    if (sizeClass == SPAN) {
      return openSpan(component, byteSize, byteAlignment);
    }
    SlotCache cache;
    long ticket;
    try {
      cache = slots.cache();
      ticket = cache.open(sizeClass, component);
    } catch (Throwable failure) {
      component.discharge(SizeClasses.slotBytes(sizeClass));
      throw failure;
    }
    int entry = SlotCache.entry(ticket);
    long address = SlotCache.address(ticket);
    try {
      SlotHold hold = SlotCache.isSampled(ticket) ? hold(address, byteSize, sizeClass) : null;
      return PooledSegment.open(
          this, component, cache, entry, address, address, byteSize, sizeClass, hold);
    } catch (Throwable failure) {
      cache.close(entry, sizeClass, address);
      component.discharge(SizeClasses.slotBytes(sizeClass));
      throw failure;
    }
  }

  private SlotHold hold(long address, long byteSize, int sizeClass) {
    return new SlotHold(
        null,
        AllocationSite.here(),
        guardBytes == 0
            ? null
            : new GuardedBytes(address, byteSize, SizeClasses.slotBytes(sizeClass)));
  }

  /** A buffer above the slots' sizes, or any where there are no slots. */
  private PooledSegment openSpan(Component component, long byteSize, long byteAlignment) {
    long chargedBytes = slots.spanBytes(byteSize);
    @Nullable SlotHold hold = null;
    try {
      // Rare and large enough that its site is always worth knowing.
      AllocationSite site = pool.recordsSites() ? AllocationSite.here() : null;
      if (!isNative) {
        hold = new SlotHold(slots.countArenas(chargedBytes), site, null);
        return PooledSegment.openArena(this, component, byteSize, byteAlignment, hold);
      }
      Span span = slots.takeSpan(chargedBytes, byteAlignment);
      hold = new SlotHold(span, site, null);
      SlotCache cache = slots.cache();
      long address = span.address();
      int entry = cache.list(address, -1, component, hold);
      return PooledSegment.open(
          this, component, cache, entry, address, address, byteSize, SPAN, hold);
    } catch (Throwable failure) {
      if (hold != null && hold.span() != null) {
        slots.giveSpan(hold.span());
      }
      component.discharge(chargedBytes);
      throw failure;
    }
  }
}
