package io.ullage.bench.core;

import io.ullage.core.ComponentRegistry;
import io.ullage.core.MemorySnapshot;
import io.ullage.core.ThreadAccount;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * A snapshot of many components, each of which two threads have charged, while {@link #writers}
 * threads charge. Sampled, because on a machine of two processors these three threads take turns,
 * and an average would mostly tell how long one waits for its own.
 */
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Benchmark)
public class SnapshotBenchmark {
  private static final int INITIALISED_BY = 2;

  /** {@code ullage}: nobody waits; {@code ullage-exact}: writers wait for one instant. */
  @Param({"ullage", "ullage-exact"})
  public String impl = "ullage";

  /** Components. */
  @Param("10000")
  public int size = 10_000;

  /** Threads that charge without pause. */
  @Param({"0", "2"})
  public int writers = 0;

  private final List<Thread> threads = new ArrayList<>();
  private ComponentRegistry registry = ComponentRegistry.builder().withoutCounterFile().build();
  private volatile boolean stopped;

  /** Makes the components, charges each from two threads, and starts the writers. */
  @Setup
  public void open() throws InterruptedException {
    registry = ComponentRegistry.builder().withoutCounterFile().build();
    stopped = false;
    for (int i = 0; i < INITIALISED_BY; i++) {
      int number = i;
      Thread thread = new Thread(() -> work(number < writers));
      thread.setDaemon(true);
      thread.start();
      threads.add(thread);
    }
    while (registry.root().grantedBytes() < (long) INITIALISED_BY * size) {
      Thread.sleep(1);
    }
  }

  private void work(boolean forever) {
    List<ThreadAccount> accounts = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      ThreadAccount account = registry.component("group" + i / 100 + ".c" + i).account();
      account.tryCharge(1);
      accounts.add(account);
    }
    while (!stopped) {
      if (!forever) {
        sleep();
        continue;
      }
      for (int i = 0; i < 64; i++) {
        accounts.get(i).tryCharge(16);
        accounts.get(i).discharge(16);
      }
    }
  }

  private static void sleep() {
    try {
      Thread.sleep(10);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Stops the writers. */
  @TearDown
  public void close() throws InterruptedException {
    stopped = true;
    for (Thread thread : threads) {
      thread.join();
    }
    threads.clear();
    registry.close();
  }

  /** Takes a snapshot. */
  @Benchmark
  public MemorySnapshot snapshot() {
    return impl.equals("ullage-exact") ? registry.exactSnapshot() : registry.snapshot();
  }
}
