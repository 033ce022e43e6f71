package io.ullage.bench.lease;

import io.ullage.lease.ChronicleLeaseStore;
import io.ullage.lease.LeaseManager;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What leases cost that nobody asks for, and how soon a process has its first. Not benchmarks of
 * JMH's, because the one takes minutes and each figure of the other a process.
 *
 * <pre>
 * java @jvm.options -cp bench/target/benchmarks.jar io.ullage.bench.lease.LeaseCosts \
 *     idle LEASES TTL_MS SECONDS    processor time of the heartbeat and the watchdog
 *     start COUNT                   from the start of a JVM until it owns a key that exists
 * </pre>
 */
public final class LeaseCosts {
  private static final String KEY = "started-for";

  private LeaseCosts() {}

  /** Runs the series that the arguments name. */
  public static void main(String[] arguments) throws Exception {
    Path folder = Files.createTempDirectory("ullage-leases");
    try {
      Path store = folder.resolve("leases");
      switch (arguments[0]) {
        case "idle" ->
            idle(
                store,
                Integer.parseInt(arguments[1]),
                Long.parseLong(arguments[2]),
                Integer.parseInt(arguments[3]));
        case "start" -> starts(store, Integer.parseInt(arguments[1]));
        default -> throw new IllegalArgumentException("series: " + arguments[0]);
      }
    } finally {
      Folders.delete(folder);
    }
  }

  private static void idle(Path path, int leases, long ttlMillis, int seconds) throws Exception {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    try (ChronicleLeaseStore store = ChronicleLeaseStore.open(path);
        LeaseManager manager =
            LeaseManager.builder(store).ttl(Duration.ofMillis(ttlMillis)).build()) {
      for (int i = 0; i < leases; i++) {
        if (manager.tryAcquire("idle-" + i).isEmpty()) {
          throw new IllegalStateException("key " + i + " is taken");
        }
      }
      // What the compiler still has to do is not the leases' cost.
      TimeUnit.SECONDS.sleep(seconds / 2);
      long renewedBefore = manager.statistics().renewed();
      long heartbeatBefore = cpuNanos(threads, "ullage-lease-heartbeat");
      long watchdogBefore = cpuNanos(threads, "ullage-lease-watchdog");
      TimeUnit.SECONDS.sleep(seconds);
      long heartbeat = cpuNanos(threads, "ullage-lease-heartbeat") - heartbeatBefore;
      long watchdog = cpuNanos(threads, "ullage-lease-watchdog") - watchdogBefore;
      double sweeps = (double) (manager.statistics().renewed() - renewedBefore) / leases;
      System.out.printf(
          "%d leases, TTL %d ms, %d s: %.1f sweeps of renewals; heartbeat %.4f %% of a core,"
              + " watchdog %.4f %%; %.1f us a sweep, glances and wake-ups included; lost %s%n",
          leases,
          ttlMillis,
          seconds,
          sweeps,
          heartbeat / 1e7 / seconds,
          watchdog / 1e7 / seconds,
          heartbeat / 1e3 / sweeps,
          manager.statistics().lost());
    }
  }

  private static long cpuNanos(ThreadMXBean threads, String name) {
    for (ThreadInfo thread : threads.getThreadInfo(threads.getAllThreadIds())) {
      if (thread != null && thread.getThreadName().equals(name)) {
        return threads.getThreadCpuTime(thread.getThreadId());
      }
    }
    throw new IllegalStateException("no thread " + name);
  }

  private static void starts(Path path, int count) throws Exception {
    try (ChronicleLeaseStore store = ChronicleLeaseStore.open(path);
        LeaseManager manager = LeaseManager.builder(store).build()) {
      manager.tryAcquire(KEY).orElseThrow().close();
    }
    long[] samples = new long[count];
    for (int i = 0; i < count; i++) {
      long begun = System.nanoTime();
      try (LeaseHolder holder = LeaseHolder.start(path, KEY, 0)) {
        holder.awaitHeld();
        samples[i] = System.nanoTime() - begun;
        holder.tell("release");
        holder.line();
        holder.kill();
        holder.awaitEnd();
      }
    }
    print("start of a JVM to its lease", samples);
  }

  private static void print(String name, long[] samples) {
    List<Long> sorted = java.util.Arrays.stream(samples).sorted().boxed().toList();
    System.out.printf(
        "%s, %d times: p50 %.2f ms, p90 %.2f ms, p99 %.2f ms, max %.2f ms%n",
        name,
        sorted.size(),
        percentile(sorted, 0.50),
        percentile(sorted, 0.90),
        percentile(sorted, 0.99),
        sorted.getLast() / 1e6);
  }

  private static double percentile(List<Long> sorted, double share) {
    return sorted.get((int) Math.ceil(share * sorted.size()) - 1) / 1e6;
  }
}
