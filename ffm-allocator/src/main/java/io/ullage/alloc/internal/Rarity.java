package io.ullage.alloc.internal;

import io.ullage.core.Component;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * What an open buffer carries if its {@link SlotHold} makes it out of the ordinary. An ordinary
 * buffer has none, so that its handle stays small: what is written for each buffer is what it
 * costs.
 *
 * <p>Used by the buffer's owner only.
 */
public final class Rarity {
  private final long word;
  private final SlotHold hold;
  private LeakDetector.@Nullable Watch watch;
  private @Nullable AllocationSite endSite;

  /** Describes the buffer over the memory that a {@link SlotWord} tells. */
  public Rarity(long word, SlotHold hold) {
    this.word = word;
    this.hold = hold;
  }

  /** Where the memory is: a {@link SlotWord}. */
  public long word() {
    return word;
  }

  /** What it shares with its slices. */
  public SlotHold hold() {
    return hold;
  }

  /** Watches the buffer's scope if its site is known; the memory comes back with its ledger. */
  public void watch(LeakDetector leaks, MemorySegment.Scope scope, Component component) {
    if (hold.site() != null) {
      long bytes = LeakDetector.chargedBytes(word, hold);
      watch = leaks.watch(scope, component, () -> bytes, hold.site(), () -> {});
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
