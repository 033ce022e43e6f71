package io.ullage.alloc;

import io.ullage.alloc.internal.AllocationSite;
import io.ullage.alloc.internal.GuardedBytes;
import io.ullage.alloc.internal.SizeClasses;
import io.ullage.alloc.internal.Slot;
import io.ullage.alloc.internal.SlotAllocator;
import io.ullage.alloc.internal.SlotHold;
import io.ullage.alloc.internal.Tenant;
import io.ullage.core.ComponentToken;
import java.io.IOException;
import java.nio.channels.FileChannel;
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

  /** Up to this size a buffer is a slot with nothing before or behind it; -1 if none is. */
  private final long plainSlotBytes;

  private SegmentPool(ChunkPool pool) {
    this.pool = pool;
    slots = pool.slots();
    isNative = slots.isNative();
    guardBytes = pool.guardBytes();
    plainSlotBytes = isNative && guardBytes == 0 ? SizeClasses.MAX_SLOT_BYTES : -1;
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
    if (byteSize < 0 || byteSize > plainSlotBytes) {
      return acquire(token, byteSize, DEFAULT_ALIGNMENT_BYTES);
    }
    Tenant tenant = slots.tenant(token.component());
    int sizeClass = SizeClasses.of(byteSize);
    tenant.account().charge(SizeClasses.slotBytes(sizeClass));
    return openSlot(tenant, sizeClass, byteSize);
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
    Request.check(byteSize, byteAlignment);
    Tenant tenant = slots.tenant(token.component());
    int sizeClass = sizeClass(byteSize, byteAlignment);
    tenant.account().charge(chargedBytes(sizeClass, byteSize));
    return open(tenant, byteSize, byteAlignment, sizeClass);
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
    Request.check(byteSize, DEFAULT_ALIGNMENT_BYTES);
    Tenant tenant = slots.tenant(token.component());
    int sizeClass = sizeClass(byteSize, DEFAULT_ALIGNMENT_BYTES);
    return tenant.account().tryCharge(chargedBytes(sizeClass, byteSize))
        ? Optional.of(open(tenant, byteSize, DEFAULT_ALIGNMENT_BYTES, sizeClass))
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
    Request.check(byteSize, DEFAULT_ALIGNMENT_BYTES);
    Objects.requireNonNull(timeout, "timeout");
    Tenant tenant = slots.tenant(token.component());
    int sizeClass = sizeClass(byteSize, DEFAULT_ALIGNMENT_BYTES);
    tenant.component().charge(chargedBytes(sizeClass, byteSize), timeout);
    return open(tenant, byteSize, DEFAULT_ALIGNMENT_BYTES, sizeClass);
  }

  /**
   * Maps a part of a file, charged to the component as external memory: {@link
   * java.nio.channels.FileChannel#map} never asks an arena for memory, and what it maps is not the
   * pool's.
   *
   * @param token whose component is charged
   * @param channel the file, open for what the mode needs
   * @param mode how it is mapped
   * @param offset where the part begins, in bytes
   * @param byteSize its size, in bytes
   * @return the mapping, for all threads, until it is closed
   * @throws io.ullage.core.MemoryLimitException if a limit leaves no room for it
   * @throws IllegalArgumentException if the offset or the size is negative
   * @throws IllegalStateException if the pool or the component is closed
   * @throws IOException if the file cannot be mapped; nothing stays charged
   */
  public MappedSegment map(
      ComponentToken token,
      FileChannel channel,
      FileChannel.MapMode mode,
      long offset,
      long byteSize)
      throws IOException {
    pool.requireOwn(token);
    return MappedSegment.map(slots, token.component(), channel, mode, offset, byteSize);
  }

  SlotAllocator slots() {
    return slots;
  }

  /** The class of the slot, or {@link #SPAN} if no slot can serve the request. */
  private int sizeClass(long byteSize, long byteAlignment) {
    long slotBytes = byteSize + guardBytes;
    return Request.fitsSlot(slots, slotBytes, byteAlignment)
        ? SizeClasses.of(slotBytes, byteAlignment)
        : SPAN;
  }

  private long chargedBytes(int sizeClass, long byteSize) {
    return sizeClass == SPAN ? slots.spanBytes(byteSize) : SizeClasses.slotBytes(sizeClass);
  }

  /** Takes the memory, which has been charged, and opens its scope; on failure neither remains. */
  private PooledSegment open(Tenant tenant, long byteSize, long byteAlignment, int sizeClass) {
    return sizeClass == SPAN
        ? openSpan(tenant, byteSize, byteAlignment)
        : openSlot(tenant, sizeClass, byteSize);
  }

  private PooledSegment openSlot(Tenant tenant, int sizeClass, long byteSize) {
    Slot slot;
    try {
      slot = slots.open(tenant, sizeClass);
    } catch (Throwable failure) {
      tenant.account().discharge(SizeClasses.slotBytes(sizeClass));
      throw failure;
    }
    if (tenant.cache().isTimeToSample()) {
      return openSampled(slot, byteSize);
    }
    try {
      return PooledSegment.open(slot, byteSize);
    } catch (Throwable failure) {
      slot.close();
      throw failure;
    }
  }

  private PooledSegment openSampled(Slot slot, long byteSize) {
    Slot sampled = slot;
    try {
      AllocationSite site = AllocationSite.here();
      GuardedBytes guarded =
          guardBytes == 0 ? null : new GuardedBytes(slot.address(), byteSize, slot.chargedBytes());
      sampled = slot.rare(new SlotHold(null, site, guarded));
      slot.tenant().cache().replace(slot, sampled);
      return PooledSegment.open(sampled, sampled.address(), byteSize);
    } catch (Throwable failure) {
      sampled.tenant().cache().strike(sampled);
      slots.release(sampled, sampled.component());
      throw failure;
    }
  }

  /** A buffer above the slots' sizes, or any where there are no slots. */
  private PooledSegment openSpan(Tenant tenant, long byteSize, long byteAlignment) {
    long chargedBytes = slots.spanBytes(byteSize);
    @Nullable Slot slot = null;
    try {
      // Rare and large enough that its site is always worth knowing.
      AllocationSite site = pool.recordsSites() ? AllocationSite.here() : null;
      if (!isNative) {
        slot = Slot.ofSpan(slots.countArenas(chargedBytes), site);
        return PooledSegment.openArena(slot, tenant, byteSize, byteAlignment);
      }
      slot = Slot.ofSpan(slots.takeSpan(chargedBytes, byteAlignment), site);
      slot = tenant.cache().list(slot, tenant);
      return PooledSegment.open(slot, slot.address(), byteSize);
    } catch (Throwable failure) {
      if (slot != null) {
        tenant.cache().strike(slot);
        slots.give(slot);
      }
      tenant.account().discharge(chargedBytes);
      throw failure;
    }
  }
}
