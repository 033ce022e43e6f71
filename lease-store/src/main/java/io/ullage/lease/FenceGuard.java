package io.ullage.lease;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The protected resource's side of a fencing token: remembers the greatest token it saw and refuses
 * smaller ones. A lease alone cannot stop a holder that was stopped between its last look at {@link
 * Lease#isValid()} and its write; a resource that checks the token with each write can.
 *
 * <p>Thread-safe and lock-free: a check is one read, or one compare-and-set for a greater token.
 * This guard lives in memory; a resource that outlives its process keeps the greatest token beside
 * its data and starts the guard with it. The check and the write must be one step for the resource
 * (inside its lock, or as a condition of the write itself).
 */
public final class FenceGuard {
  private final AtomicLong greatest;

  /** Makes a guard that has seen no token. */
  public FenceGuard() {
    this(0);
  }

  /**
   * Makes a guard that has seen tokens before.
   *
   * @param greatestToken the greatest of them
   */
  public FenceGuard(long greatestToken) {
    greatest = new AtomicLong(greatestToken);
  }

  /**
   * Admits a token that is at least as great as every one before.
   *
   * @param token the token that came with the request
   * @throws StaleTokenException if a greater one was seen
   */
  public void check(long token) {
    long seen = greatest.get();
    while (token > seen) {
      if (greatest.compareAndSet(seen, token)) {
        return;
      }
      seen = greatest.get();
    }
    if (token < seen) {
      throw new StaleTokenException(token, seen);
    }
  }

  /**
   * The greatest token seen.
   *
   * @return the token, 0 if none
   */
  public long greatestToken() {
    return greatest.get();
  }
}
