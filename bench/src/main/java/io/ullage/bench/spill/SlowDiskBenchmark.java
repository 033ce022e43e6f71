package io.ullage.bench.spill;

import io.ullage.alloc.ChunkPool;
import io.ullage.alloc.DetachedSegment;
import io.ullage.core.ComponentRegistry;
import io.ullage.spill.PrefetchPolicy;
import io.ullage.spill.SpillQueue;
import io.ullage.spill.SpillWriter;
import io.ullage.spill.ThresholdPolicy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What callers notice of a write that takes a second, while memory lasts: an offer and a poll each
 * time, through a queue that holds as much as its policy would have spilled.
 */
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Benchmark)
public class SlowDiskBenchmark {
  private static final int ENTRY_BYTES = 4 << 10;

  /** 8 MiB in the queue. */
  private static final int ENTRIES = 2_048;

  /** A quarter of it may stay. */
  private static final long HEAD_RESERVE_BYTES = 1L << 20;

  private static final long THRESHOLD_BYTES = 1L << 20;

  /** How long each write takes; 0 for as long as the copying. */
  @Param({"0", "1000"})
  public long writeMillis;

  private final Arena arena = Arena.ofShared();
  private final MemorySegment source = arena.allocate(ENTRY_BYTES);
  private final ComponentRegistry registry =
      ComponentRegistry.builder().withoutCounterFile().build();
  private final ChunkPool pool = ChunkPool.open(registry);
  private final TroubledStore store = new TroubledStore(true);
  private final SpillQueue queue;
  private final SpillWriter writer;

  /** Opens the queue. */
  public SlowDiskBenchmark() {
    try {
      queue =
          SpillQueue.builder(pool, registry.component("queue").token())
              .store(store)
              .spillPolicy(new ThresholdPolicy(THRESHOLD_BYTES, HEAD_RESERVE_BYTES))
              .prefetchPolicy(PrefetchPolicy.budget(HEAD_RESERVE_BYTES))
              .build();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    writer = queue.writer();
  }

  /** Fills the queue. */
  @Setup(Level.Trial)
  public void fill() throws InterruptedException {
    store.writesTake(writeMillis);
    for (int i = 0; i < ENTRIES; i++) {
      writer.offer(source);
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

  /** One in, one out. */
  @Benchmark
  public long offerAndPoll() throws InterruptedException {
    writer.offer(source);
    DetachedSegment first = queue.take();
    if (first == null) {
      throw new IllegalStateException("the queue has ended");
    }
    long bytes = first.byteSize();
    first.discard();
    return bytes;
  }
}
