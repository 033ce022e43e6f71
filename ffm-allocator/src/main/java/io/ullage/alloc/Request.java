package io.ullage.alloc;

import io.ullage.alloc.internal.AllocationSite;
import io.ullage.alloc.internal.SizeClasses;
import io.ullage.alloc.internal.Slot;
import io.ullage.alloc.internal.SlotAllocator;
import io.ullage.alloc.internal.SlotHold;
import org.jspecify.annotations.Nullable;

/** What callers may ask for, and which memory a request takes. */
final class Request {
  private static final long MAX_REQUEST_BYTES = 1L << 47;

  private Request() {}

  /** Whether a slot serves the request; else it takes a span, or an arena of the JDK's. */
  static boolean fitsSlot(SlotAllocator slots, long byteSize, long byteAlignment) {
    return slots.isNative() && SizeClasses.fits(byteSize, byteAlignment);
  }

  /** Bytes that a request takes from the pool, and that its component is charged. */
  static long bytesFor(SlotAllocator slots, long byteSize, long byteAlignment) {
    if (!slots.isNative()) {
      return Math.max(SizeClasses.MIN_SLOT_BYTES, byteSize);
    }
    return SizeClasses.fits(byteSize, byteAlignment)
        ? SizeClasses.slotBytes(SizeClasses.of(byteSize, byteAlignment))
        : slots.spanBytes(byteSize);
  }

  /** Takes memory that no cache lists; the caller has charged {@link #bytesFor} it. */
  static Slot take(
      SlotAllocator slots, long byteSize, long byteAlignment, @Nullable AllocationSite site) {
    if (fitsSlot(slots, byteSize, byteAlignment)) {
      Slot taken = slots.take(SizeClasses.of(byteSize, byteAlignment));
      return site == null ? taken : taken.rare(new SlotHold(null, site, null));
    }
    return Slot.ofSpan(
        slots.isNative()
            ? slots.takeSpan(slots.spanBytes(byteSize), byteAlignment)
            : slots.countArenas(bytesFor(slots, byteSize, byteAlignment)),
        site);
  }

  /**
   * Refuses what no address space of 47 bits can hold, so that sizes can be added without overflow.
   */
  static void check(long byteSize, long byteAlignment) {
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
}
