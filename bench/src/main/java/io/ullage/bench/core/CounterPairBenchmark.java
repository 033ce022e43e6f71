package io.ullage.bench.core;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What it costs to count one allocation and its free in the ways that the platform offers. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Benchmark)
public class CounterPairBenchmark {
  private static final long BYTES = 1024;

  /**
   * {@code release-cell}: single-writer cells, one for each direction; it counts right with one
   * thread only.
   */
  @Param({"atomic-long", "long-adder", "release-cell"})
  public String impl = "atomic-long";

  private PairCounter counter = new AtomicCounter();

  /** Makes the counter that {@link #impl} names. */
  @Setup
  public void create() {
    counter =
        switch (impl) {
          case "atomic-long" -> new AtomicCounter();
          case "long-adder" -> new AdderCounter();
          case "release-cell" -> new CellCounter();
          default -> throw new IllegalArgumentException("impl: " + impl);
        };
  }

  /** Counts one allocation and one free. */
  @Benchmark
  public void countPair() {
    counter.countAllocated(BYTES);
    counter.countFreed(BYTES);
  }

  private interface PairCounter {
    void countAllocated(long bytes);

    void countFreed(long bytes);
  }

  private static final class AtomicCounter implements PairCounter {
    private final AtomicLong live = new AtomicLong();

    @Override
    public void countAllocated(long bytes) {
      live.getAndAdd(bytes);
    }

    @Override
    public void countFreed(long bytes) {
      live.getAndAdd(-bytes);
    }
  }

  private static final class AdderCounter implements PairCounter {
    private final LongAdder live = new LongAdder();

    @Override
    public void countAllocated(long bytes) {
      live.add(bytes);
    }

    @Override
    public void countFreed(long bytes) {
      live.add(-bytes);
    }
  }

  private static final class CellCounter implements PairCounter {
    private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(long[].class);
    private final long[] cells = new long[2];

    @Override
    public void countAllocated(long bytes) {
      CELL.setRelease(cells, 0, cells[0] + bytes);
    }

    @Override
    public void countFreed(long bytes) {
      CELL.setRelease(cells, 1, cells[1] + bytes);
    }
  }
}
