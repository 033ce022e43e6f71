package io.ullage.alloc.internal;

import io.ullage.core.Component;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What a cache's threads have open, so that it can be taken back when a thread has ended.
 *
 * <p>It does not keep the buffers themselves reachable, so a dropped one can still be noticed.
 *
 * <pre>
 *   words[entry]   open:  | class + 1 : 8 | address : 56 |      free:  -(next free entry) - 1
 * </pre>
 *
 * <p>Not thread-safe: its {@link SlotCache} guards it.
 */
final class OpenLedger {
  /** Entries have 19 bits of a ticket; what is open beyond is not listed, and not recovered. */
  static final int UNLISTED = (1 << 19) - 1;

  private static final int FIRST_ENTRIES = 64;
  private static final int CLASS_SHIFT = 56;
  private static final long ADDRESS_MASK = (1L << CLASS_SHIFT) - 1;

  /** Takes what is open at the ledger's end. */
  interface Heir {
    void inherit(long address, int sizeClass, Component component, @Nullable SlotHold hold);
  }

  private final boolean shared;
  private long[] words = {};
  private @Nullable Component[] components = {};
  private @Nullable SlotHold[] holds = {};
  private @Nullable Thread[] owners = {};
  private int firstFree = UNLISTED;

  OpenLedger(boolean shared) {
    this.shared = shared;
  }

  int add(long address, int sizeClass, Component component) {
    int entry = firstFree;
    if (entry == UNLISTED) {
      entry = grow();
      if (entry == UNLISTED) {
        return UNLISTED;
      }
    }
    firstFree = (int) (-words[entry] - 1);
    words[entry] = address | (long) (sizeClass + 1) << CLASS_SHIFT;
    components[entry] = component;
    if (shared) {
      owners[entry] = Thread.currentThread();
    }
    return entry;
  }

  void remove(int entry) {
    if (entry != UNLISTED) {
      words[entry] = -firstFree - 1L;
      firstFree = entry;
      if (shared) {
        owners[entry] = null;
      }
    }
  }

  void setHold(int entry, @Nullable SlotHold hold) {
    if (entry != UNLISTED) {
      holds[entry] = hold;
    }
  }

  void setComponent(int entry, Component component) {
    if (entry != UNLISTED) {
      components[entry] = component;
    }
  }

  /** Removes the entries of ended threads; in a cache of one thread, that is all. */
  void bequeath(Heir heir) {
    for (int entry = 0; entry < words.length; entry++) {
      Component component = components[entry];
      if (words[entry] > 0 && component != null && hasEnded(owners[entry])) {
        long word = words[entry];
        SlotHold hold = holds[entry];
        holds[entry] = null;
        remove(entry);
        heir.inherit(word & ADDRESS_MASK, (int) (word >>> CLASS_SHIFT) - 1, component, hold);
      }
    }
  }

  private boolean hasEnded(@Nullable Thread owner) {
    return !shared || (owner != null && owner.getState() == Thread.State.TERMINATED);
  }

  private int grow() {
    int length = words.length;
    int larger = Math.min(Math.max(FIRST_ENTRIES, 2 * length), UNLISTED);
    if (larger == length) {
      return UNLISTED;
    }
    words = Arrays.copyOf(words, larger);
    components = Arrays.copyOf(components, larger);
    holds = Arrays.copyOf(holds, larger);
    owners = Arrays.copyOf(owners, larger);
    for (int entry = length; entry < larger; entry++) {
      words[entry] = -(entry + 1 < larger ? entry + 1 : UNLISTED) - 1L;
    }
    firstFree = length;
    return firstFree;
  }
}
