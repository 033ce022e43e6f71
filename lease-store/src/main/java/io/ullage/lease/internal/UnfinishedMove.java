package io.ullage.lease.internal;

import io.ullage.lease.LeaseStoreException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * What a process does about records that it meets on their way to another file: whoever moves them
 * may be at it, stopped, or dead, and only the header lock tells. One thread of its own asks for
 * that lock, so that nobody else has to wait who cannot: a heartbeat goes on with the next lease.
 */
final class UnfinishedMove implements AutoCloseable {
  /** How long one attempt waits for the header lock, and callers for one attempt. */
  static final long WAIT_NANOS = 100_000_000;

  private @Nullable CompletableFuture<Boolean> attempt;
  private long begunAt;
  private boolean closed;

  /**
   * Begins an attempt, unless one is under way.
   *
   * @param task what to attempt
   * @param mayWait whether to wait for its end
   * @throws LeaseStoreException if the attempt ended with one by then
   */
  void attempt(Runnable task, boolean mayWait) {
    CompletableFuture<Boolean> current;
    long left;
    synchronized (this) {
      if (closed) {
        throw new IllegalStateException("the lease store is closed");
      }
      current = attempt;
      if (current == null || current.isDone()) {
        current = new CompletableFuture<>();
        attempt = current;
        begunAt = System.nanoTime();
        start(task, current);
      }
      left = mayWait ? begunAt + WAIT_NANOS - System.nanoTime() : 0;
    }
    if (left > 0 || current.isDone()) {
      await(current, left);
    }
  }

  private static void start(Runnable task, CompletableFuture<Boolean> end) {
    Thread.ofPlatform()
        .name("ullage-lease-move")
        .daemon()
        .start(
            () -> {
              try {
                task.run();
                end.complete(true);
              } catch (RuntimeException | Error e) {
                end.completeExceptionally(e);
              }
            });
  }

  private static void await(CompletableFuture<Boolean> end, long nanos) {
    try {
      boolean ended = end.get(Math.max(0, nanos), TimeUnit.NANOSECONDS);
      if (!ended) {
        throw new IllegalStateException("unreachable");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (TimeoutException e) {
      // The caller sees that its record is where it was.
      return;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof LeaseStoreException failure) {
        throw new LeaseStoreException(failure.fault(), String.valueOf(failure.getMessage()), e);
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  /** Waits for the attempt that is under way; there will be no other. */
  @Override
  public void close() {
    CompletableFuture<Boolean> current;
    synchronized (this) {
      closed = true;
      current = attempt;
    }
    if (current != null) {
      current.handle((ended, failure) -> failure == null).join();
    }
  }
}
