package io.ullage.lease.contract;

import java.time.Duration;

/**
 * For how long the machine stood still at most, or let this process wait, while a test was under
 * way: what a test on the real clock may put a lease's loss down to.
 */
final class PauseWatch {
  private static final Duration LOOK_EVERY = Duration.ofMillis(5);

  private final Thread thread =
      Thread.ofPlatform().daemon().name("pause-watch").unstarted(this::watch);
  private volatile long longestNanos;
  private volatile boolean ended;

  private PauseWatch() {}

  static PauseWatch begin() {
    PauseWatch watch = new PauseWatch();
    watch.thread.start();
    return watch;
  }

  private void watch() {
    long before = System.nanoTime();
    try {
      while (!ended) {
        Thread.sleep(LOOK_EVERY);
        long now = System.nanoTime();
        longestNanos = Math.max(longestNanos, now - before);
        before = now;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Stops watching; how long the longest pause was. */
  Duration end() throws InterruptedException {
    ended = true;
    thread.join();
    return Duration.ofNanos(longestNanos);
  }
}
