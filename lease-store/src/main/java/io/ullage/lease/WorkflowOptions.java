package io.ullage.lease;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How one piece of work runs under a lease; immutable. What is null is left to the manager.
 *
 * @param ttl how long the key stays taken after the last heartbeat of a holder of which nobody
 *     knows that it is dead; 20 ms to 1 day
 * @param heartbeat how often the lease is renewed; below the TTL less its margin
 * @param deadline how long the work may take, counted from the acquisition; up to 365 days, and may
 *     be shorter than the TTL
 * @param callerDeadline how long the caller has left, counted from the call, waiting included; the
 *     earlier of the two counts
 * @param waitAtMost how long to wait for the key; zero tries once
 * @param holdAtLeast how long the key stays taken even if the work is done earlier, so that a clock
 *     that is late elsewhere does not start it again
 * @param note free text for whoever finds the key held
 */
public record WorkflowOptions(
    @Nullable Duration ttl,
    @Nullable Duration heartbeat,
    @Nullable Duration deadline,
    @Nullable Duration callerDeadline,
    @Nullable Duration waitAtMost,
    Duration holdAtLeast,
    String note) {
  private static final WorkflowOptions DEFAULTS =
      new WorkflowOptions(null, null, null, null, null, Duration.ZERO, "");

  /**
   * Checks its arguments.
   *
   * @throws IllegalArgumentException naming the one that is wrong, or the constraint between two
   *     that is broken
   */
  public WorkflowOptions {
    requireAboveZero("ttl", ttl);
    requireAboveZero("heartbeat", heartbeat);
    requireAboveZero("deadline", deadline);
    requireAboveZero("callerDeadline", callerDeadline);
    requireNotNegative("waitAtMost", waitAtMost);
    requireNotNegative("holdAtLeast", holdAtLeast);
    if (ttl != null) {
      LeaseTiming.of(ttl, heartbeat);
    }
  }

  /**
   * Options that leave everything to the manager.
   *
   * @return the options
   */
  public static WorkflowOptions defaults() {
    return DEFAULTS;
  }

  /**
   * These options with another TTL.
   *
   * @param value the TTL
   * @return new options
   */
  public WorkflowOptions withTtl(Duration value) {
    return new WorkflowOptions(
        value, heartbeat, deadline, callerDeadline, waitAtMost, holdAtLeast, note);
  }

  /**
   * These options with another heartbeat.
   *
   * @param value the heartbeat
   * @return new options
   */
  public WorkflowOptions withHeartbeat(Duration value) {
    return new WorkflowOptions(ttl, value, deadline, callerDeadline, waitAtMost, holdAtLeast, note);
  }

  /**
   * These options with another deadline.
   *
   * @param value the deadline of the work
   * @return new options
   */
  public WorkflowOptions withDeadline(Duration value) {
    return new WorkflowOptions(
        ttl, heartbeat, value, callerDeadline, waitAtMost, holdAtLeast, note);
  }

  /**
   * These options with another deadline of the caller.
   *
   * @param value what the caller has left
   * @return new options
   */
  public WorkflowOptions withCallerDeadline(Duration value) {
    return new WorkflowOptions(ttl, heartbeat, deadline, value, waitAtMost, holdAtLeast, note);
  }

  /**
   * These options with another wait.
   *
   * @param value how long to wait for the key
   * @return new options
   */
  public WorkflowOptions withWait(Duration value) {
    return new WorkflowOptions(ttl, heartbeat, deadline, callerDeadline, value, holdAtLeast, note);
  }

  /**
   * These options with another minimum hold.
   *
   * @param value how long the key stays taken at least
   * @return new options
   */
  public WorkflowOptions withHoldAtLeast(Duration value) {
    return new WorkflowOptions(ttl, heartbeat, deadline, callerDeadline, waitAtMost, value, note);
  }

  /**
   * These options with another note.
   *
   * @param value the note
   * @return new options
   */
  public WorkflowOptions withNote(String value) {
    return new WorkflowOptions(
        ttl, heartbeat, deadline, callerDeadline, waitAtMost, holdAtLeast, value);
  }

  private static void requireAboveZero(String name, @Nullable Duration value) {
    if (value != null) {
      LeaseTiming.requirePositive(name, value);
    }
  }

  private static void requireNotNegative(String name, @Nullable Duration value) {
    if (value != null && (value.isNegative() || value.compareTo(LeaseTiming.LONGEST) > 0)) {
      throw new IllegalArgumentException(
          name + ": " + LeaseTiming.text(value) + "; allowed: 0 to 365 days");
    }
  }
}
