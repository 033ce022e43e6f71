package io.ullage.spill;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Where a store puts the entries that it fetches: native memory of the queue, one entry at a time.
 */
public interface FetchTarget {
  /**
   * {@return memory for the next entry, or null when the queue wants no more now: the store then
   * returns, and keeps what is left of the run}
   *
   * @param byteSize the entry's size in bytes
   */
  @Nullable MemorySegment next(long byteSize);

  /**
   * Says that the memory given last now holds the entry. Without it, the entry counts as not
   * fetched.
   */
  void commit();

  /**
   * Charges pages of files that the store wants in this process while it fetches, instead of what
   * it charged before in this call. The charge ends with the call to {@link SpillSession#fetch}.
   *
   * @param byteSize the size of the pages in bytes
   * @return false when there is no room: the store then does without
   */
  default boolean chargeMapped(long byteSize) {
    return true;
  }
}
