package io.ullage.lease;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Until when a lease is valid for its owner, and whether it has ended.
 *
 * <p>{@code until} is moved forward by whoever renews, by a plain release: one instant is as good
 * as another as long as the store granted it. {@code ended} becomes true once, by compare-and-set,
 * and whoever makes that step (the owner closing, the watchdog, or a look that sees the time run
 * out) decides how the lease ended.
 *
 * <p>Why a lease that was once seen invalid never becomes valid again, even if a renewal that was
 * in flight succeeds: whoever finds the clock at or past {@code until} ends the term before it says
 * so. Why a renewal in time is never undone by a look that slept: such a look reads {@code until}
 * again after the clock, and ends the term only if it is still the instant that has passed; then
 * the lease was invalid at that moment.
 */
final class LeaseTerm {
  private static final VarHandle UNTIL;
  private static final VarHandle EXTENSIONS;
  private static final VarHandle ENDED;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      UNTIL = lookup.findVarHandle(LeaseTerm.class, "until", long.class);
      EXTENSIONS = lookup.findVarHandle(LeaseTerm.class, "extensions", long.class);
      ENDED = lookup.findVarHandle(LeaseTerm.class, "ended", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private volatile long until;
  private volatile long extensions;
  private volatile boolean ended;

  /** A term up to an instant. */
  LeaseTerm(long until) {
    // Plain: nobody else sees a lease before HeldLeases publishes it.
    UNTIL.set(this, until);
  }

  /** The instant at which it ends unless it is extended. */
  long until() {
    return until;
  }

  boolean isEnded() {
    return ended;
  }

  /** Whether a clock that was read just now stands at or past the end, for certain. */
  boolean isOver(long seenUntil, long now) {
    return now >= seenUntil && until == seenUntil;
  }

  /** Moves the end, if the term has not ended; only whoever renews calls it. */
  void extend(long next) {
    UNTIL.setRelease(this, next);
    EXTENSIONS.setRelease(this, extensions + 1);
  }

  /** How often it was extended. */
  long extensions() {
    return extensions;
  }

  /**
   * Ends the term for good, for whoever need not know whether it was this call that did: a store
   * that commutes with the compare-and-set of {@link #end}. Others see it at the latest with the
   * caller's next full fence; who ends the term by then, ended it before.
   */
  void endRelease() {
    ENDED.setRelease(this, true);
  }

  /** Ends the term for good; true if this call was the one. */
  boolean end() {
    return !ended && ENDED.compareAndSet(this, false, true);
  }
}
