package io.ullage.tool.run;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Holds a consumer to a number of bytes per second: a token bucket.
 *
 * <p>Credit grows with time up to {@link #BURST_NANOS} worth of bytes. Each chunk is paid for after
 * it was consumed, on credit if need be; a debt is waited off. So chunks larger than the bucket
 * pass too, and the average is exact. For one thread.
 */
final class RatePacer {
  /**
   * Long enough to make up for a late wake-up of some milliseconds, short enough not to be seen.
   */
  private static final long BURST_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private final double bytesPerNano;
  private final LongSupplier nanoTime;
  private final Sleeper sleeper;
  private double creditBytes;
  private long last;

  /**
   * A pacer.
   *
   * @param bytesPerSecond the rate, 0 for none
   */
  RatePacer(long bytesPerSecond, LongSupplier nanoTime, Sleeper sleeper) {
    this.bytesPerNano = bytesPerSecond / 1e9;
    this.nanoTime = nanoTime;
    this.sleeper = sleeper;
    this.last = nanoTime.getAsLong();
  }

  /** A pacer in real time. */
  static RatePacer inRealTime(long bytesPerSecond) {
    return new RatePacer(bytesPerSecond, System::nanoTime, TimeUnit.NANOSECONDS::sleep);
  }

  /** Pays for bytes, and waits while in debt. */
  void consumed(long bytes) throws InterruptedException {
    if (bytesPerNano == 0) {
      return;
    }
    accrue();
    creditBytes -= bytes;
    while (creditBytes < 0) {
      sleeper.sleep((long) Math.ceil(-creditBytes / bytesPerNano));
      accrue();
    }
  }

  private void accrue() {
    long now = nanoTime.getAsLong();
    creditBytes = Math.min(BURST_NANOS * bytesPerNano, creditBytes + (now - last) * bytesPerNano);
    last = now;
  }
}
