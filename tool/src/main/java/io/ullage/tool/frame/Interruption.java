package io.ullage.tool.frame;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ends a command cleanly when a signal ends the process.
 *
 * <p>The JVM turns INT, TERM and HUP into its shutdown and afterwards exits with 128 + the signal's
 * number. Its shutdown hook here interrupts the thread that runs the command, and gives it a while
 * to take back what it made and to say its last line.
 */
public final class Interruption {
  /** Removing gigabytes of spill files takes some hundred milliseconds on a slow disk. */
  private static final Duration GRACE = Duration.ofSeconds(10);

  private final CountDownLatch ended = new CountDownLatch(1);
  private final Thread worker;

  private Interruption(Thread worker) {
    this.worker = worker;
  }

  /**
   * Arms the hook for the current thread; {@link #end} tells it that there is nothing to end any
   * more.
   */
  public static Interruption arm() {
    Interruption interruption = new Interruption(Thread.currentThread());
    Thread hook = new Thread(interruption::endWorker, "ullage-interruption");
    Runtime.getRuntime().addShutdownHook(hook);
    return interruption;
  }

  /** The command has ended and said all it has to say. */
  public void end() {
    ended.countDown();
  }

  private void endWorker() {
    if (ended.getCount() == 0) {
      return;
    }
    worker.interrupt();
    try {
      boolean inTime = ended.await(GRACE.toMillis(), TimeUnit.MILLISECONDS);
      if (!inTime) {
        System.err.println("ullage: did not end within " + GRACE.toSeconds() + " s of the signal");
      }
    } catch (InterruptedException nobodyInterruptsHooks) {
      Thread.currentThread().interrupt();
    }
  }
}
