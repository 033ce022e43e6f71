package io.ullage.core.limiter;

import io.ullage.core.bounds.MemoryGrant;
import java.util.OptionalLong;

/**
 * What was found out about how much memory the process may use.
 *
 * <p>There is no "unlimited": a process without a limit of its own is limited by the machine. Where
 * a limit may exist that could not be read the answer is {@link Unknown}, and the caller decides.
 */
public sealed interface MemoryLimit {
  /** Who sets a limit. */
  enum Origin {
    /** A control group of the process. */
    CGROUP,
    /** The memory of the machine. */
    PHYSICAL
  }

  /**
   * A limit that is certain.
   *
   * @param bytes the limit
   * @param origin who sets it
   */
  record Known(long bytes, Origin origin) implements MemoryLimit {}

  /**
   * A limit that could not be found out.
   *
   * @param reason what could not be read, and why
   * @param atMostBytes what the limit cannot exceed, as far as that is known
   */
  record Unknown(String reason, OptionalLong atMostBytes) implements MemoryLimit {}

  /**
   * Makes a grant of the limit.
   *
   * @param slop the share set aside, at least 0 and below 1
   * @return the grant
   * @throws IllegalStateException if the limit is unknown: state one instead
   */
  default MemoryGrant grant(double slop) {
    return switch (this) {
      case Known known -> MemoryGrant.of(known.bytes(), slop);
      case Unknown unknown ->
          throw new IllegalStateException(
              "the memory limit is unknown, state one explicitly: " + unknown.reason());
    };
  }
}
