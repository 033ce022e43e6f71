package io.ullage.lease;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads of a {@link LeaseManager} that are not sweepers: platform threads, because virtual
 * ones share their carriers with the program, whose own work could then hold up a renewal. All end
 * when idle.
 */
final class ManagerThreads {
  /** Listeners are rare and should be short; one that blocks delays three others at most. */
  private static final int CALLBACK_THREADS = 4;

  /**
   * With a store that takes 5 ms, 16 threads renew 2,000 leases within a second, in a third of the
   * shortest TTL that makes sense there.
   */
  private static final int RENEWAL_THREADS = 16;

  private static final long IDLE_SECONDS = 1;
  private static final long END_MILLIS = 1_000;

  private ManagerThreads() {}

  /** Threads for listeners. */
  static ExecutorService callbacks() {
    return pool("callback", CALLBACK_THREADS, CALLBACK_THREADS, new LinkedBlockingQueue<>());
  }

  /** Threads for renewals and releases of a store that may hang. */
  static ExecutorService renewals() {
    return pool("renewal", RENEWAL_THREADS, RENEWAL_THREADS, new LinkedBlockingQueue<>());
  }

  /** Threads for other calls of such a store: as many as callers and keys that wait. */
  static ExecutorService calls() {
    return pool("call", 0, Integer.MAX_VALUE, new SynchronousQueue<>());
  }

  private static ExecutorService pool(
      String name, int core, int most, BlockingQueue<Runnable> queue) {
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            core,
            most,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            queue,
            Thread.ofPlatform().name("ullage-lease-" + name + "-", 0).daemon().factory());
    pool.allowCoreThreadTimeOut(true);
    return pool;
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
    if (e.getCause() instanceof Error failure) {
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
