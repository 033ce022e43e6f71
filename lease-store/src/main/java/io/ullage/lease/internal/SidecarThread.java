package io.ullage.lease.internal;

import io.ullage.lease.LeaseStoreException;
import io.ullage.lease.StoreFault;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The one thread that touches the sidecar file. Nobody ever interrupts it: an interrupt during a
 * channel operation would close the channel, and with it drop the lock that tells others that this
 * process lives. Callers that are interrupted while they wait go on waiting, which takes
 * microseconds, and find their interrupt set afterwards.
 */
final class SidecarThread implements AutoCloseable {
  private final ExecutorService executor =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().name("ullage-lease-sidecar").daemon().factory());

  /** Runs a task on the thread. */
  <T> T call(Callable<T> task) {
    Future<T> answer;
    try {
      answer = executor.submit(task);
    } catch (RejectedExecutionException e) {
      throw new IllegalStateException("the lease store is closed", e);
    }
    try {
      return Uninterrupted.await(answer::get);
    } catch (ExecutionException e) {
      throw unwrap(e.getCause());
    }
  }

  private static RuntimeException unwrap(@Nullable Throwable thrown) {
    if (thrown instanceof IOException e) {
      return new LeaseStoreException(
          StoreFault.UNAVAILABLE, "the lease store's sidecar file failed: " + e, e);
    }
    if (thrown instanceof RuntimeException e) {
      return e;
    }
    if (thrown instanceof Error e) {
      throw e;
    }
    return new IllegalStateException(thrown);
  }

  /** Ends the thread after what was given to it; never interrupts it. */
  @Override
  public void close() {
    executor.shutdown();
    var _ =
        Uninterrupted.await(() -> executor.awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS));
  }
}
