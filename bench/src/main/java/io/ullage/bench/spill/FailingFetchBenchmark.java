package io.ullage.bench.spill;

import io.ullage.alloc.ChunkPool;
import io.ullage.core.ComponentRegistry;
import io.ullage.spill.EagerPolicy;
import io.ullage.spill.SpillQueue;
import io.ullage.spill.SpillStore;
import io.ullage.spill.SpillWriter;
import io.ullage.spill.StoreUnavailableException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a store costs that can never be read: the processor time of the queue's two threads while a
 * reader asks again and again, in microseconds per second. What is counted is summed over
 * iterations and forks, so there is one of each.
 */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 1)
@Measurement(iterations = 1)
@State(Scope.Benchmark)
public class FailingFetchBenchmark {
  private static final int ENTRIES = 100;
  private static final int ENTRY_BYTES = 4 << 10;
  private static final Duration LENGTH = Duration.ofSeconds(5);

  private final Arena arena = Arena.ofShared();
  private final ComponentRegistry registry =
      ComponentRegistry.builder().withoutCounterFile().build();
  private final ChunkPool pool = ChunkPool.open(registry);
  private final SpillStore store = new TroubledStore(false);
  private final SpillQueue queue;

  /** What is counted besides the time, which is that of the waiting. */
  @AuxCounters(AuxCounters.Type.EVENTS)
  @State(Scope.Thread)
  public static class Cost {
    /** Microseconds of processor time in each second. */
    public double processorMicrosPerSecond;
  }

  /** Opens a queue that spills all it can. */
  public FailingFetchBenchmark() {
    try {
      queue =
          SpillQueue.builder(pool, registry.component("unreadable").token())
              .store(store)
              .spillPolicy(new EagerPolicy())
              .build();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Has all but the last entry spilled, the first one too. */
  @Setup(Level.Trial)
  public void fill() throws InterruptedException {
    SpillWriter writer = queue.writer();
    MemorySegment source = arena.allocate(ENTRY_BYTES);
    for (int i = 0; i < ENTRIES; i++) {
      writer.offer(source);
    }
    while (queue.statistics().spilledEntries() < ENTRIES - 1) {
      Thread.sleep(1);
    }
  }

  /** Ends everything. */
  @TearDown(Level.Trial)
  public void close() {
    queue.close();
    store.close();
    pool.close();
    registry.close();
    arena.close();
  }

  /** A reader that tries again whenever it is told that the entry cannot be read. */
  @Benchmark
  public int readInVain(Cost cost) throws InterruptedException {
    long before = threadsNanos();
    long start = System.nanoTime();
    int refusals = 0;
    while (System.nanoTime() - start < LENGTH.toNanos()) {
      try {
        if (queue.poll(LENGTH) != null) {
          throw new IllegalStateException("an entry came back");
        }
      } catch (StoreUnavailableException unreadable) {
        refusals++;
        Thread.sleep(10);
      }
    }
    cost.processorMicrosPerSecond = (threadsNanos() - before) / 1_000.0 / LENGTH.toSeconds();
    return refusals;
  }

  private static long threadsNanos() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long nanos = 0;
    for (long id : threads.getAllThreadIds()) {
      var thread = threads.getThreadInfo(id);
      if (thread != null && thread.getThreadName().endsWith("-unreadable")) {
        nanos += threads.getThreadCpuTime(id);
      }
    }
    return nanos;
  }
}
