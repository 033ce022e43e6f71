package io.ullage.lease;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The key was held by somebody else for as long as the caller would wait. */
public final class LeaseHeldException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Who. */
  private final transient @Nullable LeaseView holder;

  /**
   * Makes one.
   *
   * @param key the key
   * @param holder who holds it, as far as the store could tell
   */
  public LeaseHeldException(String key, @Nullable LeaseView holder) {
    super("lease '" + key + "' is held" + describe(holder));
    this.holder = holder;
  }

  /**
   * Who holds the key.
   *
   * @return the view of the key when the wait ended; empty if the store could not tell
   */
  public Optional<LeaseView> holder() {
    return Optional.ofNullable(holder);
  }

  private static String describe(@Nullable LeaseView holder) {
    if (holder == null || holder.pid() == 0) {
      return " by somebody else";
    }
    String note = holder.note().isEmpty() ? "" : " (" + holder.note() + ")";
    return " by pid " + holder.pid() + note + " since " + holder.acquiredAt();
  }
}
