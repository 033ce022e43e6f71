package io.ullage.alloc.internal;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Whatever is out of the ordinary about a buffer: it has a span of its own, shares its slot with
 * slices, is watched for a leak, or guarded. An ordinary buffer has none, and pays for none of it.
 *
 * <p>Slices share one hold and count as holders; the last to let go gives the memory back. A
 * decrement acquires and releases, so whatever any holder wrote happens before the memory's next
 * use. The rest is written by the buffer's owner and published with the handle that it makes.
 */
public final class SlotHold {
  private final AtomicInteger holders = new AtomicInteger(1);
  private final @Nullable Span span;
  private final @Nullable AllocationSite site;
  private final @Nullable GuardedBytes guarded;
  private @Nullable MemorySegment kept;

  /**
   * Each holder that leaks may be found twice, dropped and left behind by its owner, in either
   * order: so many more of them were left behind than dropped.
   */
  private final AtomicInteger leftBehind = new AtomicInteger();

  /** Describes a buffer; each argument may be missing. */
  public SlotHold(
      @Nullable Span span, @Nullable AllocationSite site, @Nullable GuardedBytes guarded) {
    this.span = span;
    this.site = site;
    this.guarded = guarded;
  }

  /** The memory, if it is not a slot. */
  public @Nullable Span span() {
    return span;
  }

  /** Whether a buffer has a span of which every byte is as the system gave it. */
  public static boolean isFresh(@Nullable SlotHold hold) {
    return hold != null && hold.span != null && hold.span.fresh();
  }

  /** Whether a buffer's memory is an arena of the JDK's, for want of native access. */
  public static boolean isArenas(@Nullable SlotHold hold) {
    return hold != null && hold.span != null && hold.span.isArenas();
  }

  /** Where it was acquired, if that was recorded. */
  public @Nullable AllocationSite site() {
    return site;
  }

  /** The bytes behind its end, if they are guarded. */
  public @Nullable GuardedBytes guarded() {
    return guarded;
  }

  /**
   * A copy of the bytes while detached, where a scope cannot be changed for want of native access.
   */
  public @Nullable MemorySegment kept() {
    return kept;
  }

  /** Sets the copy; the handle that is made next publishes it. */
  public void keep(@Nullable MemorySegment copy) {
    kept = copy;
  }

  /** Notes that a holder was dropped; false if that it was left behind is known. */
  boolean isDropNews() {
    return leftBehind.getAndDecrement() <= 0;
  }

  /** Notes that a holder was left behind; false if that it was dropped is known. */
  boolean isEndNews() {
    return leftBehind.getAndIncrement() >= 0;
  }

  /** Counts one more holder. */
  public void retain() {
    holders.incrementAndGet();
  }

  /**
   * Counts one holder less; true if none remains.
   *
   * @throws AssertionError if none was left: the memory may be somebody else's by then
   */
  public boolean releaseIsLast() {
    int left = holders.decrementAndGet();
    if (left < 0) {
      throw new AssertionError("a slot was released more often than it was held");
    }
    return left == 0;
  }

  /** Counts one holder less where the caller holds twice. */
  public void releaseOther() {
    holders.decrementAndGet();
  }

  /**
   * Refuses to change what others rely on.
   *
   * @throws IllegalStateException if there is another holder
   */
  public static void requireUnshared(@Nullable SlotHold hold) {
    if (hold != null && hold.isShared()) {
      throw new IllegalStateException("The slot is shared with slices that are still open");
    }
  }

  /** Whether there is another holder. */
  public boolean isShared() {
    return holders.get() > 1;
  }
}
