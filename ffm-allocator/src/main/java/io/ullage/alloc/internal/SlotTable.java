package io.ullage.alloc.internal;

import java.util.Arrays;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * All slots that one cache has at hand or open, each at an index of its own.
 *
 * <p>Indexes are what stacks of free slots are made of: numbers cost the collector nothing, where
 * each reference that is stored in an old array would. Not thread-safe: its {@link SlotCache}
 * guards it.
 */
final class SlotTable {
  private static final int FIRST_LENGTH = 64;

  private @Nullable Slot[] slots = {};
  private int[] unused = {};
  private int unusedCount;

  /** The slot at an index that is in use. */
  Slot get(int index) {
    return Objects.requireNonNull(slots[index]);
  }

  void add(Slot slot) {
    if (unusedCount == 0) {
      grow();
    }
    int index = unused[--unusedCount];
    slots[index] = slot;
    slot.setIndex(index);
  }

  /** Takes a slot out, unless it is not listed. */
  void remove(Slot slot) {
    if (slot.isListed()) {
      slots[slot.index()] = null;
      unused[unusedCount++] = slot.index();
      slot.unlist();
    }
  }

  /** Puts one slot in the place of another. */
  void replace(Slot listed, Slot unlisted) {
    slots[listed.index()] = unlisted;
    unlisted.setIndex(listed.index());
    unlisted.setOpener(listed.opener());
    listed.unlist();
  }

  void forEach(Consumer<Slot> action) {
    for (Slot slot : slots.clone()) {
      if (slot != null) {
        action.accept(slot);
      }
    }
  }

  private void grow() {
    int length = slots.length;
    int larger = Math.max(FIRST_LENGTH, 2 * length);
    slots = Arrays.copyOf(slots, larger);
    unused = new int[larger];
    for (int index = larger - 1; index >= length; index--) {
      unused[unusedCount++] = index;
    }
  }
}
