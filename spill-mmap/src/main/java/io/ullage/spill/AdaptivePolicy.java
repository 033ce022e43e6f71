package io.ullage.spill;

import java.util.function.LongSupplier;

/**
 * Decides for both sides of a queue by the rates at which it is written and read, which it learns
 * as they come.
 *
 * <p>It keeps as much resident for the reader as that takes in 100 ms, the longest write stall
 * seen, so that a stall of the disk never reaches it. It lets the rest of its memory fill while the
 * reader keeps up; when the writers are faster, it spills as soon as they would have filled the
 * memory within 100 ms. One policy for each queue.
 *
 * <p>Worked example: with 64 MiB, writers at 300 MiB/s and a reader at 100 MiB/s, the head reserve
 * is 10 MiB, and spilling begins at 64 − (300 − 100) × 0.1 = 44 MiB.
 */
public final class AdaptivePolicy implements SpillPolicy, PrefetchPolicy {
  /** 100 ms: see above. */
  private static final double HORIZON_SECONDS = 0.1;

  /** 10 ms: below, a rate is mostly noise of the scheduler. */
  private static final long WINDOW_NANOS = 10_000_000;

  /** How much of the rate the last window decides: half of it is forgotten after two windows. */
  private static final double WEIGHT = 0.3;

  private static final double NANOS_PER_SECOND = 1e9;

  private final long residentBytes;
  private final LongSupplier clock;
  private long windowNanos;
  private long windowOfferedBytes;
  private long windowPolledBytes;
  private double writeRate;
  private double readRate;

  /**
   * Makes the policy.
   *
   * @param residentBytes how much the queue may hold in memory, at least 1
   */
  public AdaptivePolicy(long residentBytes) {
    this(residentBytes, System::nanoTime);
  }

  AdaptivePolicy(long residentBytes, LongSupplier clock) {
    if (residentBytes < 1) {
      throw new IllegalArgumentException(
          "residentBytes: " + residentBytes + ", allowed are 1 and above");
    }
    this.residentBytes = residentBytes;
    this.clock = clock;
    this.windowNanos = clock.getAsLong();
  }

  /**
   * {@return both sides of it, for {@link SpillQueueBuilder#policies}}
   *
   * @param residentBytes how much the queue may hold in memory, at least 1
   */
  public static QueuePolicies forQueue(long residentBytes) {
    AdaptivePolicy policy = new AdaptivePolicy(residentBytes);
    return new QueuePolicies(policy, policy);
  }

  @Override
  public SpillPlan plan(QueueState state) {
    learn(state);
    double growth = Math.max(0, writeRate - readRate) * HORIZON_SECONDS;
    long head = headBytes();
    long most = Math.max(head, residentBytes - (long) growth);
    return state.residentBytes() > most ? SpillPlan.allBeyond(head) : SpillPlan.none();
  }

  @Override
  public long bytesToFetch(QueueState state) {
    learn(state);
    return state.spilledBytes() == 0 ? 0 : headBytes() - state.headBytes();
  }

  /** A sixteenth of the memory for a reader of whom nothing is known, a half for the fastest. */
  private long headBytes() {
    long wanted = (long) (readRate * HORIZON_SECONDS);
    return Math.clamp(wanted, residentBytes / 16, residentBytes / 2);
  }

  private void learn(QueueState state) {
    long now = clock.getAsLong();
    long elapsed = now - windowNanos;
    if (elapsed < WINDOW_NANOS) {
      return;
    }
    double seconds = elapsed / NANOS_PER_SECOND;
    // A long pause is as many windows in which the rate was what it was over all of them.
    double kept = Math.pow(1 - WEIGHT, (double) elapsed / WINDOW_NANOS);
    writeRate =
        kept * writeRate + (1 - kept) * (state.offeredBytes() - windowOfferedBytes) / seconds;
    readRate = kept * readRate + (1 - kept) * (state.polledBytes() - windowPolledBytes) / seconds;
    windowNanos = now;
    windowOfferedBytes = state.offeredBytes();
    windowPolledBytes = state.polledBytes();
  }
}
