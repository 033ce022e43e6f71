package io.ullage.bench.lease;

import io.ullage.lease.ChronicleLeaseStore;
import io.ullage.lease.Lease;
import io.ullage.lease.LeaseManager;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * How long a key is without an owner when it goes from one process to another, and what idle leases
 * cost. Not a benchmark of JMH's, because each figure is one event between processes.
 *
 * <pre>
 * java @jvm.options -cp bench/target/benchmarks.jar io.ullage.bench.lease.TakeoverHarness \
 *     kill COUNT MEBIBYTES [FILE]   kill -9 of a holder that touched so much, until a waiter owns
 *     release COUNT MEBIBYTES [FILE]   a holder's release, until a waiter owns
 *     idle LEASES TTL_MS SECONDS    processor time of the heartbeat and the watchdog
 *     start COUNT                   from the start of a JVM until it owns a key that exists
 * </pre>
 *
 * <p>Samples in nanoseconds are appended to FILE, if it is given, and all of its lines are summed
 * up: a long series may be measured in parts.
 */
public final class TakeoverHarness {
  private static final String KEY = "handed-over";
  private static final int SEED = 42;

  /** A waiter has settled by then, and asks at its usual pace. */
  private static final int SETTLED_MILLIS = 30;

  private static final int JITTER_MILLIS = 40;

  private TakeoverHarness() {}

  /** Runs the series that the arguments name. */
  public static void main(String[] arguments) throws Exception {
    Path folder = Files.createTempDirectory("ullage-takeover");
    try {
      Path store = folder.resolve("leases");
      switch (arguments[0]) {
        case "kill" -> handOvers(arguments, store, true);
        case "release" -> handOvers(arguments, store, false);
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

  private static void handOvers(String[] arguments, Path path, boolean kill) throws Exception {
    int count = Integer.parseInt(arguments[1]);
    long mebibytes = Long.parseLong(arguments[2]);
    long[] samples = new long[count];
    try (ChronicleLeaseStore store = ChronicleLeaseStore.open(path);
        LeaseManager manager = LeaseManager.builder(store).build()) {
      if (kill) {
        kill(path, manager, mebibytes, samples);
      } else {
        release(path, manager, mebibytes, samples);
      }
    }
    String name = arguments[0] + ", holder with " + mebibytes + " MiB";
    if (arguments.length > 3) {
      Path file = Path.of(arguments[3]);
      for (long sample : samples) {
        Files.writeString(
            file, sample + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      }
      samples = Files.readAllLines(file).stream().mapToLong(Long::parseLong).toArray();
    }
    print(name, samples);
  }

  private static void kill(Path path, LeaseManager manager, long mebibytes, long[] samples)
      throws Exception {
    Random random = new Random(SEED);
    for (int i = 0; i < samples.length; i++) {
      try (LeaseHolder holder = LeaseHolder.start(path, KEY, mebibytes)) {
        expect(holder, "held");
        samples[i] = ownedAfter(manager, random, holder::kill);
        holder.awaitEnd();
      }
    }
  }

  private static void release(Path path, LeaseManager manager, long mebibytes, long[] samples)
      throws Exception {
    Random random = new Random(SEED);
    try (LeaseHolder holder = LeaseHolder.start(path, KEY, mebibytes)) {
      for (int i = 0; i < samples.length; i++) {
        expect(holder, "held");
        samples[i] =
            ownedAfter(
                manager,
                random,
                () -> {
                  holder.tell("release");
                  return Long.parseLong(holder.line());
                });
        holder.tell("again");
      }
    }
  }

  /** Something that frees the key, and when. */
  @FunctionalInterface
  private interface Freeing {
    long free() throws IOException;
  }

  private static long ownedAfter(LeaseManager manager, Random random, Freeing freeing)
      throws Exception {
    CompletableFuture<Lease> waiting = manager.acquireAsync(KEY, Duration.ofMinutes(1));
    CompletableFuture<Long> owned = waiting.thenApply(lease -> System.nanoTime());
    Thread.sleep(SETTLED_MILLIS + random.nextInt(JITTER_MILLIS));
    if (waiting.isDone()) {
      throw new IllegalStateException("the key was not held");
    }
    long freedAt = freeing.free();
    long nanos = owned.get() - freedAt;
    waiting.get().close();
    return nanos;
  }

  private static void expect(LeaseHolder holder, String word) throws IOException {
    String line = holder.line();
    if (!line.equals(word)) {
      throw new IllegalStateException("the holder said " + line);
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
        expect(holder, "held");
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
