package io.ullage.alloc;

import java.util.List;
import java.util.Optional;

/**
 * A buffer that nobody can close any more.
 *
 * @param kind how it came to that
 * @param component the path of the component that was charged
 * @param chargedBytes what it was charged
 * @param site where it was acquired, innermost caller first; empty if that was not recorded
 */
public record LeakReport(
    Kind kind, String component, long chargedBytes, Optional<List<StackTraceElement>> site) {
  /** How a buffer leaked, and what became of its memory. */
  public enum Kind {
    /**
     * An open buffer became unreachable. Found for sampled ones; the memory comes back when its
     * thread has ended. Also a pinned block, whose memory does not come back, and a mapped file
     * that nobody can close any more, which stays mapped.
     */
    DROPPED,
    /** A thread ended with the buffer open. The memory is back. */
    OWNER_ENDED,
    /** A detached handle or an unguarded block became unreachable. The memory is back. */
    HANDLE_DROPPED
  }
}
