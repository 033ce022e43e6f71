package io.ullage.alloc;

import io.ullage.alloc.internal.SizeClasses;
import io.ullage.alloc.internal.SlotAllocator;
import io.ullage.alloc.internal.Span;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * What a lifetime took from the pool: a slot of a size class, or a span of its own.
 *
 * @param address the first byte
 * @param sizeClass the slot's class; meaningless for a span
 * @param span the span, if it is one
 */
record Block(long address, int sizeClass, @Nullable Span span) {
  private static final long MAX_REQUEST_BYTES = 1L << 47;

  /** Bytes that a request takes from the pool, and that its component is charged. */
  static long bytesFor(SlotAllocator slots, long byteSize, long byteAlignment) {
    if (!slots.isNative()) {
      return Math.max(SizeClasses.MIN_SLOT_BYTES, byteSize);
    }
    return SizeClasses.fits(byteSize, byteAlignment)
        ? SizeClasses.slotBytes(SizeClasses.of(byteSize, byteAlignment))
        : slots.spanBytes(byteSize);
  }

  /** Takes a block; the caller has charged {@link #bytesFor} it. */
  static Block take(SlotAllocator slots, long byteSize, long byteAlignment) {
    if (!slots.isNative()) {
      return new Block(0, -1, slots.countArenas(bytesFor(slots, byteSize, byteAlignment)));
    }
    if (SizeClasses.fits(byteSize, byteAlignment)) {
      int sizeClass = SizeClasses.of(byteSize, byteAlignment);
      return new Block(slots.take(sizeClass), sizeClass, null);
    }
    Span span = slots.takeSpan(slots.spanBytes(byteSize), byteAlignment);
    return new Block(span.address(), -1, span);
  }

  long byteSize() {
    return span == null ? SizeClasses.slotBytes(sizeClass) : span.byteSize();
  }

  /** Whether every byte is known to be zero. */
  boolean isZero() {
    return span != null && span.fresh();
  }

  void give(SlotAllocator slots) {
    if (span == null) {
      slots.cache().give(sizeClass, address);
    } else {
      slots.giveSpan(span);
    }
  }

  /**
   * Refuses what no address space of 47 bits can hold, so that sizes can be added without overflow.
   */
  static void checkRequest(long byteSize, long byteAlignment) {
    if (byteSize < 0 || byteSize > MAX_REQUEST_BYTES) {
      throw new IllegalArgumentException(
          "byteSize " + byteSize + ": must be from 0 to " + MAX_REQUEST_BYTES);
    }
    if (Long.bitCount(byteAlignment) != 1
        || byteAlignment < 0
        || byteAlignment > MAX_REQUEST_BYTES) {
      throw new IllegalArgumentException(
          "byteAlignment " + byteAlignment + ": must be a power of two up to " + MAX_REQUEST_BYTES);
    }
  }

  @Override
  public String toString() {
    return "Block[" + byteSize() + " bytes at " + MemorySegment.ofAddress(address) + "]";
  }
}
