package io.ullage.stress.soak;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/**
 * The main class of one worker: programs that use all parts of the library, one after the other,
 * until its input ends.
 */
public final class SoakWorker {
  private static final long REPORT_MILLIS = 200;
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

  private SoakWorker() {}

  /** Arguments: the seed, and the folders of counter files, of spilled bytes and of leases. */
  public static void main(String[] arguments) throws Exception {
    Tally tally = new Tally(System.out);
    Churn churn = new Churn(tally);
    SplittableRandom random = new SplittableRandom(Long.parseLong(arguments[0]));
    Path counters = Path.of(arguments[1]);
    Path spill = Path.of(arguments[2]);
    Path leases = Path.of(arguments[3]);
    SplittableRandom forMemory = random.split();
    SplittableRandom forQueue = random.split();
    long forLeases = random.nextLong();
    churn.start(
        "memory",
        () -> {
          while (!churn.isStopped()) {
            MemoryChurn.run(tally, forMemory.nextLong(), millis(forMemory), counters);
          }
        });
    churn.start(
        "queue",
        () -> {
          while (!churn.isStopped()) {
            QueueChurn.run(tally, forQueue.nextLong(), millis(forQueue), spill);
          }
        });
    churn.start("leases", () -> LeaseChurn.run(tally, churn, forLeases, leases));
    Thread input =
        Thread.ofPlatform().daemon().name("soak-input").start(() -> awaitEndOfInput(churn));
    while (input.isAlive()) {
      input.join(REPORT_MILLIS);
      tally.figures();
    }
    churn.join();
    checkThreads(tally);
    tally.figures();
    System.exit(tally.isViolated() ? 1 : 0);
  }

  private static long millis(SplittableRandom random) {
    return random.nextLong(500, 6000);
  }

  private static void awaitEndOfInput(Churn churn) {
    try {
      while (System.in.read() >= 0) {
        // Nothing is said there.
      }
    } catch (IOException ended) {
      // The same as its end.
    }
    churn.stop();
  }

  /** Every thread of ours ends with what started it. */
  private static void checkThreads(Tally tally) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    Map<Thread, StackTraceElement[]> threads = Thread.getAllStackTraces();
    while (threads.keySet().stream().anyMatch(SoakWorker::isOurs)
        && System.nanoTime() - deadline < 0) {
      TimeUnit.MILLISECONDS.sleep(5);
      threads = Thread.getAllStackTraces();
    }
    tally.check(
        threads.keySet().stream().noneMatch(SoakWorker::isOurs),
        "every thread ends with what started it",
        threads.keySet());
  }

  private static boolean isOurs(Thread thread) {
    return thread.getName().startsWith("ullage-");
  }
}
