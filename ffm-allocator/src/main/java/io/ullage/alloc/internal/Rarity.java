package io.ullage.alloc.internal;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * What makes one buffer out of the ordinary. An ordinary buffer has none, so that its handle stays
 * small: what is written for each buffer is what it costs.
 *
 * <p>Used by the buffer's owner only.
 */
public final class Rarity {
  private final SlotHold hold;
  private LeakDetector.@Nullable Watch watch;
  private @Nullable AllocationSite endSite;

  Rarity(SlotHold hold) {
    this.hold = hold;
  }

  /** What the buffer shares with its slices. */
  public SlotHold hold() {
    return hold;
  }

  /** Watches the buffer's scope if its site is known; the memory comes back with its cache. */
  public void watch(LeakDetector leaks, MemorySegment.Scope scope, Slot slot) {
    if (hold.site() != null) {
      watch = leaks.watch(scope, slot.component(), slot.chargedBytes(), hold);
    }
  }

  /** Ends the watch: the scope was closed. */
  public void forget(LeakDetector leaks, boolean recordsEnd) {
    endSite = recordsEnd ? AllocationSite.here() : null;
    if (watch != null) {
      leaks.forget(watch);
    }
  }

  /** Where the buffer was acquired and ended, as far as that was recorded. */
  public String sites() {
    return (hold.site() == null ? "" : "\nAcquired:" + hold.site())
        + (endSite == null ? "" : "\nClosed or detached:" + endSite);
  }
}
