package io.ullage.lease;

import java.util.concurrent.CompletableFuture;

/**
 * One of the renewals that a {@link LeaseManager} asks a store for at once; see {@link
 * LeaseStore#renewAll}.
 *
 * @param grant a grant of that store
 * @param ttlNanos to how many nanoseconds from now it is to be extended
 * @param answer completed by the store, on whatever thread: with what {@link LeaseGrant#renew}
 *     would return, or exceptionally with what it would throw. What depends on it never blocks
 */
public record RenewalRequest(
    LeaseGrant grant, long ttlNanos, CompletableFuture<RenewalOutcome> answer) {
  /**
   * A request that is not answered yet.
   *
   * @param grant a grant
   * @param ttlNanos to how many nanoseconds from now it is to be extended
   */
  public RenewalRequest(LeaseGrant grant, long ttlNanos) {
    this(grant, ttlNanos, new CompletableFuture<>());
  }

  /** Asks the grant itself, and waits for its answer. */
  void renewAlone() {
    try {
      answer.complete(grant.renew(ttlNanos));
    } catch (RuntimeException | Error failure) {
      answer.completeExceptionally(failure);
    }
  }
}
