package io.ullage.observe.internal;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * Runs each request on a virtual thread of its own, not too many at once and none for too long.
 *
 * <p>A task of the JDK's server reads the rest of the request, makes the response and writes it. It
 * is interrupted when its time is over; a virtual thread that waits for a socket then closes the
 * connection, so that a client that sends or reads slowly holds nothing for longer than that. A
 * task that finds no place is rejected, upon which the server closes the connection.
 */
public final class RequestThreads implements Executor, AutoCloseable {
  private final Semaphore places;
  private final Duration longest;
  private final ThreadFactory threads;
  private final ScheduledThreadPoolExecutor clock;

  /**
   * Starts the thread that looks at the clock.
   *
   * @param mostAtOnce how many requests may be under way
   * @param longest how long each may take
   */
  public RequestThreads(int mostAtOnce, Duration longest) {
    this.places = new Semaphore(mostAtOnce);
    this.longest = longest;
    this.threads = Thread.ofVirtual().name("ullage-status-request-", 0).factory();
    this.clock =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("ullage-status-clock").factory());
    clock.setRemoveOnCancelPolicy(true);
  }

  @Override
  public void execute(Runnable request) {
    if (!places.tryAcquire()) {
      throw new RejectedExecutionException("too many requests are under way");
    }
    threads.newThread(() -> run(request)).start();
  }

  private void run(Runnable request) {
    try {
      Future<?> end =
          clock.schedule(
              Thread.currentThread()::interrupt, longest.toNanos(), TimeUnit.NANOSECONDS);
      try {
        request.run();
      } finally {
        end.cancel(false);
      }
    } catch (RejectedExecutionException closed) {
      return; // The server has closed the connection already.
    } finally {
      places.release();
    }
  }

  /** Ends the clock; requests under way end with their connections. */
  @Override
  public void close() {
    clock.shutdownNow();
  }
}
