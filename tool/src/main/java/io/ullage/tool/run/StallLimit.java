package io.ullage.tool.run;

import io.ullage.core.MemoryLimitException;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Waits for memory as long as somebody makes progress, and gives up with the refusal when nobody
 * does: a slow sink is waited for, a limit that leaves no way forward is not.
 */
final class StallLimit {
  /** How often progress is looked at. */
  private static final Duration LOOK = Duration.ofMillis(250);

  /** Keeps attempts that cannot wait by themselves from spinning. */
  private static final long PAUSE_NANOS = 1_000_000;

  private final LongSupplier progress;
  private final LongSupplier nanoTime;
  private final Sleeper sleeper;
  private final long limitNanos;

  /** Something that waits for memory. */
  interface Attempt<T> {
    /** Tries for as long as the timeout. */
    T with(Duration timeout) throws InterruptedException;
  }

  /**
   * A limit.
   *
   * @param progress a figure that changes whenever anybody gets on
   * @param limit how long it may stand still
   */
  StallLimit(LongSupplier progress, LongSupplier nanoTime, Sleeper sleeper, Duration limit) {
    this.progress = progress;
    this.nanoTime = nanoTime;
    this.sleeper = sleeper;
    this.limitNanos = limit.toNanos();
  }

  /**
   * Tries until it succeeds.
   *
   * @throws MemoryLimitException the last refusal, once nothing has moved for too long
   */
  <T> T retry(Attempt<T> attempt) throws InterruptedException {
    long seen = progress.getAsLong();
    long since = nanoTime.getAsLong();
    while (true) {
      try {
        return attempt.with(LOOK);
      } catch (MemoryLimitException refusal) {
        long now = nanoTime.getAsLong();
        long current = progress.getAsLong();
        if (isHopeless(refusal)) {
          throw refusal;
        }
        if (current != seen) {
          seen = current;
          since = now;
        } else if (now - since >= limitNanos) {
          throw refusal;
        }
        sleeper.sleep(PAUSE_NANOS);
      }
    }
  }

  /** No waiting helps a request that is larger than a whole limit. */
  private static boolean isHopeless(MemoryLimitException refusal) {
    return refusal.levels().stream().anyMatch(level -> level.requestedBytes() > level.limitBytes());
  }
}
