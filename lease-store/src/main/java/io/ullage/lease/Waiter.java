package io.ullage.lease;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who waits for a key in a {@link WaitingRoom}, which guards what is not volatile here.
 */
final class Waiter {
  final String key;
  final LeaseTiming timing;
  final String note;
  final long since;
  final long until;
  final boolean elsewhere;
  final CompletableFuture<Lease> future = new CompletableFuture<>();
  long askAt;
  long pauseNanos;
  volatile boolean asking;

  /** Whether the key may have become free while it was asked for; its answer may be older. */
  boolean askAgain;

  /** Whether the store itself said that somebody else has the key. */
  volatile boolean refused;

  /** Why the store did not answer when it was last asked. */
  volatile @Nullable RuntimeException failure;

  /** Whether how it ends is decided, though its future may not be complete yet. */
  volatile boolean over;

  Waiter(
      String key,
      LeaseTiming timing,
      String note,
      long since,
      long until,
      boolean elsewhere,
      long pauseNanos) {
    this.key = key;
    this.timing = timing;
    this.note = note;
    this.since = since;
    this.until = until;
    this.elsewhere = elsewhere;
    this.pauseNanos = pauseNanos;
    this.askAt = since;
  }
}
