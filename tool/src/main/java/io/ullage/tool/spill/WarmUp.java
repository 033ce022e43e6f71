package io.ullage.tool.spill;

import java.io.IOException;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;

/**
 * Runs the plan in small before the clock starts, so that what is measured is the queue and not the
 * start of the JVM: most of the time of a short run would otherwise go to interpreter and
 * compilers.
 *
 * <p>It uses a queue, memory and files of its own, all gone before the run begins. Where it fails
 * (on a full disk, say) it ends: whether the run itself can be done is for the run to say.
 */
final class WarmUp {
  /** Runs below this size are not for measuring, and start at once. */
  private static final long LEAST_TOTAL_BYTES = 64L << 20;

  /** One round: 8,192 entries, more than the 5,000 calls after which a method is compiled fully. */
  private static final long ROUND_BYTES = 32L << 20;

  private static final int LARGEST_CHUNK_BYTES = 4 << 10;

  /** A tenth: what is compiled then is not called often. */
  private static final int SHARE_OF_COMPILING = 10;

  /** 3 s: twice what it takes on two cores with nothing else to do. */
  private static final long MOST_NANOS = 3_000_000_000L;

  private WarmUp() {}

  static void of(StressPlan plan) throws InterruptedException {
    if (plan.totalBytes() < LEAST_TOTAL_BYTES) {
      return;
    }
    StressPlan round = round(plan);
    long start = System.nanoTime();
    boolean warm = false;
    while (!warm && System.nanoTime() - start < MOST_NANOS) {
      long roundStart = System.nanoTime();
      long compiledMillis = compiledMillis();
      try (StressRun run = new StressRun(round, new StressFigures(), (what, eighth) -> {})) {
        warm = run.run() != null;
      } catch (IOException | RuntimeException full) {
        return;
      }
      long roundMillis = (System.nanoTime() - roundStart) / 1_000_000;
      warm |= compiledMillis() - compiledMillis <= roundMillis / SHARE_OF_COMPILING;
    }
  }

  private static StressPlan round(StressPlan plan) {
    return new StressPlan(
        ROUND_BYTES,
        Math.min(plan.chunkBytes(), LARGEST_CHUNK_BYTES),
        4L << 20,
        2L << 20,
        16L << 20,
        0,
        plan.directory(),
        1,
        OnFull.FAIL);
  }

  private static long compiledMillis() {
    CompilationMXBean compiler = ManagementFactory.getCompilationMXBean();
    return compiler != null && compiler.isCompilationTimeMonitoringSupported()
        ? compiler.getTotalCompilationTime()
        : 0;
  }
}
