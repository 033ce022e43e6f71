package io.ullage.core;

import java.util.List;

/** Knows where live memory was allocated: an allocator that samples its callers. Thread-safe. */
@FunctionalInterface
public interface AllocationSites {
  /**
   * The places in the program where memory that a component still holds was allocated.
   *
   * @param component whose memory
   * @return what is known, which may be a sample or nothing
   */
  List<String> liveSites(Component component);
}
