package io.ullage.lease;

import org.jspecify.annotations.Nullable;

/** The lease was lost, or the deadline of the work under it passed. */
public final class LeaseLostException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Why. */
  private final LossCause lossCause;

  /**
   * Makes one.
   *
   * @param loss what happened
   * @param thrown what the work threw when it was told, or null
   */
  public LeaseLostException(LeaseLoss loss, @Nullable Throwable thrown) {
    super(
        "lease '" + loss.key() + "' (token " + loss.token() + "): " + describe(loss.cause()),
        thrown == null ? loss.failure() : thrown);
    this.lossCause = loss.cause();
    Throwable failure = loss.failure();
    if (thrown != null && failure != null && !thrown.equals(failure)) {
      addSuppressed(failure);
    }
  }

  /**
   * Why.
   *
   * @return the cause
   */
  public LossCause lossCause() {
    return lossCause;
  }

  private static String describe(LossCause cause) {
    return switch (cause) {
      case EXPIRED -> "expired before it could be renewed";
      case TAKEN_OVER -> "taken over by somebody else, or revoked";
      case DEADLINE -> "the deadline of the work passed";
      case STORE_FAULT -> "the store failed until the lease ran out";
      case CLOSED -> "the manager was closed";
      case CANCELLED -> "the work was interrupted";
    };
  }
}
