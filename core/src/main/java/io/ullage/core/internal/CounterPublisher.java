package io.ullage.core.internal;

import io.ullage.core.ComponentFigures;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Brings a counter file up to date, period after period, on a thread of its own, which {@link
 * #close} ends.
 *
 * <p>A sweep that takes long is followed by a pause a hundred times as long, so that publishing
 * never takes more than a hundredth of a processor.
 */
public final class CounterPublisher implements AutoCloseable {
  private static final int PAUSE_PER_SWEEP = 100;

  private final CounterFile file;
  private final Supplier<Collection<ComponentFigures>> figures;
  private final long periodNanos;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final Thread thread = new Thread(this::run, "ullage-counters");

  private CounterPublisher(
      CounterFile file, Supplier<Collection<ComponentFigures>> figures, Duration period) {
    this.file = file;
    this.figures = figures;
    this.periodNanos = period.toNanos();
  }

  /** Publishes for the first time, then starts the thread. */
  public static CounterPublisher start(
      CounterFile file, Supplier<Collection<ComponentFigures>> figures, Duration period) {
    CounterPublisher publisher = new CounterPublisher(file, figures, period);
    publisher.publish();
    publisher.thread.setDaemon(true);
    publisher.thread.start();
    return publisher;
  }

  /** Where the file is. */
  public Path path() {
    return file.path();
  }

  /** Publishes now. */
  public void publish() {
    // Two publications must not overtake each other between reading and writing.
    synchronized (file) {
      file.publish(figures.get());
    }
  }

  @Override
  public void close() {
    stop.countDown();
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    file.close();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      long pauseNanos = periodNanos;
      while (!stop.await(pauseNanos, TimeUnit.NANOSECONDS)) {
        long start = System.nanoTime();
        publish();
        pauseNanos = Math.max(periodNanos, PAUSE_PER_SWEEP * (System.nanoTime() - start));
      }
    } catch (InterruptedException e) {
      // Nobody interrupts this thread but a program that ends all its threads: so does this one.
      Thread.currentThread().interrupt();
    }
  }
}
