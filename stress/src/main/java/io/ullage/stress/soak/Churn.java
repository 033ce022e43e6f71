package io.ullage.stress.soak;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Threads that do something again and again until they are told to stop. */
final class Churn {
  private static final long PATIENCE_MILLIS = 60_000;
  private static final long LOOK_MILLIS = 10;

  private final Tally tally;
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean stopped;

  Churn(Tally tally) {
    this.tally = tally;
  }

  /** What a thread does. */
  interface Work {
    /** Works until {@link Churn#isStopped()}. */
    void run() throws Exception;
  }

  void start(String name, Work work) {
    threads.add(
        Thread.ofPlatform()
            .daemon()
            .name("soak-" + name)
            .start(
                () -> {
                  try {
                    work.run();
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  } catch (Throwable failure) {
                    tally.unexpected(name, failure);
                  }
                }));
  }

  boolean isStopped() {
    return stopped;
  }

  void stop() {
    stopped = true;
  }

  /** Waits until another churn is told to stop, then for all threads of this one. */
  void join(Churn other) throws InterruptedException {
    while (!other.isStopped()) {
      TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
    }
    join();
  }

  /** Waits for all threads; one that does not end is a violation. */
  void join() throws InterruptedException {
    for (Thread thread : threads) {
      thread.join(PATIENCE_MILLIS);
      if (thread.isAlive()) {
        StringBuilder where = new StringBuilder();
        for (StackTraceElement frame : thread.getStackTrace()) {
          where.append(" at ").append(frame);
        }
        tally.violation(thread.getName() + " does not end:" + where);
        thread.interrupt();
        thread.join(PATIENCE_MILLIS);
      }
    }
  }
}
