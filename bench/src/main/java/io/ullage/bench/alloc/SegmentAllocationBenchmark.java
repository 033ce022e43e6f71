package io.ullage.bench.alloc;

import io.ullage.bench.peer.Peers;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Acquire a buffer, touch both its ends, close another one, with {@value #IN_FLIGHT} in flight.
 *
 * <p>Buffers in flight matter: where a buffer is made and closed in one frame, escape analysis
 * makes its scope look free. The collector is fixed, since it decides how much the peers' objects
 * cost.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 5, jvmArgsAppend = "-XX:+UseParallelGC")
@State(Scope.Thread)
public class SegmentAllocationBenchmark {
  private static final int IN_FLIGHT = 256;

  /**
   * Who provides the buffers; {@code queue} is the control, which has none: what it costs is the
   * benchmark's own, and in {@code foreign-close} the queue between the threads.
   */
  @Param({
    "ullage",
    "slice-confined",
    "arena-confined",
    "arena-shared",
    "malloc",
    "unsafe",
    "netty-pooled",
    "netty-adaptive",
    "arrow",
    "queue"
  })
  public String impl = "ullage";

  /** Bytes of a buffer. */
  @Param({"1024", "64", "65536", "1048576"})
  public long size = 1024;

  /**
   * Which buffer is closed: the oldest ({@code ring}), the youngest ({@code lifo}), any ({@code
   * random}), or the oldest by another thread ({@code foreign-close}).
   */
  @Param({"ring", "lifo", "random", "foreign-close"})
  public String pattern = "ring";

  /** Whether buffers must be all zero. */
  @Param({"false", "true"})
  public boolean zeroed;

  private @Nullable InFlight inFlight;

  /** Fills the buffers in flight. */
  @Setup
  public void open() {
    // In foreign-close, twice as many: half of them wait to be closed.
    inFlight = InFlight.of(Peers.open(impl, size, 2 * IN_FLIGHT), pattern, IN_FLIGHT, size, zeroed);
  }

  /** Closes the buffers in flight and their source. */
  @TearDown
  public void close() {
    if (inFlight != null) {
      inFlight.close();
    }
  }

  /** One buffer comes, one goes. */
  @Benchmark
  public void acquireTouchClose() {
    if (inFlight != null) {
      inFlight.exchange();
    }
  }
}
