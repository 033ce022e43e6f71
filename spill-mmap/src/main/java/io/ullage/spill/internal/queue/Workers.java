package io.ullage.spill.internal.queue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** The threads of a queue: daemons, named, never interrupted; the last one to end says so. */
final class Workers {
  private final List<Thread> threads = new ArrayList<>();
  private final AtomicInteger running = new AtomicInteger();
  private final AtomicBoolean finishing = new AtomicBoolean();
  private final CountDownLatch finished = new CountDownLatch(1);

  void add(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    threads.add(thread);
  }

  void start() {
    running.set(threads.size());
    threads.forEach(Thread::start);
  }

  /** Called by each thread as the last thing it does; returns whether it was the last one. */
  boolean endedLast() {
    return running.decrementAndGet() == 0;
  }

  boolean noneRuns() {
    return running.get() == 0;
  }

  /** Returns true to the first who asks: that one gives back what is left. */
  boolean beginFinish() {
    return finishing.compareAndSet(false, true);
  }

  void finished() {
    finished.countDown();
  }

  /**
   * Waits until all is given back and the threads are gone, or the time is over; at once on one of
   * these threads.
   */
  void awaitFinished(Duration timeout) {
    if (threads.contains(Thread.currentThread())) {
      return;
    }
    boolean interrupted = false;
    long end = System.nanoTime() + timeout.toNanos();
    while (true) {
      try {
        if (finished.await(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
          for (Thread thread : threads) {
            thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime())));
          }
        }
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
