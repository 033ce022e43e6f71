package io.ullage.alloc.internal;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The one thread of a pool: unmaps memory and trims, so that callers never do.
 *
 * <p>The daemon {@code ullage-trim} begins with the first task and ends with {@link #close}, which
 * waits until all that was handed over is done. What comes later runs on the caller's thread: it
 * can only be memory of segments that outlived their pool.
 */
final class Releaser implements AutoCloseable {
  private final ScheduledThreadPoolExecutor executor;

  Releaser() {
    executor =
        new ScheduledThreadPoolExecutor(
            1, task -> Thread.ofPlatform().daemon().name("ullage-trim").unstarted(task));
    executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    executor.setRemoveOnCancelPolicy(true);
  }

  void run(Runnable task) {
    try {
      executor.execute(task);
    } catch (RejectedExecutionException _) {
      task.run();
    }
  }

  /** Does what can as well be left undone when the pool is closed; never on the caller's thread. */
  void runUnlessClosed(Runnable task) {
    try {
      executor.execute(task);
    } catch (RejectedExecutionException _) {
      // Closed: everything that is not in use goes back anyway.
    }
  }

  /** Does the same after a while, unless that is cancelled. */
  Future<?> after(long nanos, Runnable task) {
    try {
      return executor.schedule(task, nanos, TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException closed) {
      return CompletableFuture.failedFuture(closed);
    }
  }

  void every(Duration period, Runnable task) {
    long nanos = Math.max(1, period.toNanos());
    var _ = executor.scheduleWithFixedDelay(task, nanos, nanos, TimeUnit.NANOSECONDS);
  }

  @Override
  public void close() {
    executor.shutdown();
    boolean interrupted = false;
    while (true) {
      try {
        if (executor.awaitTermination(1, TimeUnit.DAYS)) {
          break;
        }
      } catch (InterruptedException interruption) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
