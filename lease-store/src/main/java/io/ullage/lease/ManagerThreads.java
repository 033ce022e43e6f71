package io.ullage.lease;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The threads of a {@link LeaseManager} that are not sweepers. */
final class ManagerThreads {
  /** Listeners are rare and should be short; one that blocks delays three others at most. */
  private static final int CALLBACK_THREADS = 4;

  private static final long END_MILLIS = 1_000;

  private ManagerThreads() {}

  /** Threads for listeners, which end when idle. */
  static ExecutorService callbacks() {
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            CALLBACK_THREADS,
            CALLBACK_THREADS,
            1,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().name("ullage-lease-callback-", 0).daemon().factory());
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  /** Threads for calls of a store that may hang: virtual, so that many may. */
  static ExecutorService storeCalls() {
    return Executors.newThreadPerTaskExecutor(
        Thread.ofVirtual().name("ullage-lease-call-", 0).factory());
  }

  /** Runs a task, unless the executor was ended. */
  static void execute(ExecutorService executor, Runnable task) {
    try {
      executor.execute(task);
    } catch (RejectedExecutionException e) {
      // The manager was closed; who listens was told by its leases, who calls finds it closed.
      return;
    }
  }

  /** Ends an executor: what was given to it runs, but not for long. */
  static void end(ExecutorService executor) {
    executor.shutdown();
    boolean interrupted = false;
    try {
      if (executor.awaitTermination(END_MILLIS, TimeUnit.MILLISECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      interrupted = true;
    }
    executor.shutdownNow();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** What a wait ended with, as the caller may catch it. */
  static LeaseHeldException unwrap(ExecutionException e) {
    if (e.getCause() instanceof LeaseHeldException held) {
      return held;
    }
    if (e.getCause() instanceof RuntimeException failure) {
      throw failure;
    }
    throw new IllegalStateException(e.getCause());
  }

  /** Throws what work threw, whatever it is. */
  static Exception rethrow(Throwable thrown) {
    if (thrown instanceof Exception exception) {
      return exception;
    }
    throw (Error) thrown;
  }
}
