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
 * Acquire a buffer, touch both its ends, close another one, with {@value #IN_FLIGHT} in flight in
 * each thread.
 *
 * <p>Buffers in flight matter: where a buffer is made and closed in one frame, escape analysis
 * makes its scope look free. The collector is fixed, since it decides how much the peers' objects
 * cost. With {@code -t 2} both threads use one allocator; {@code foreign-close} brings its second
 * thread along and is for {@code -t 1}.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 5, jvmArgsAppend = "-XX:+UseParallelGC")
@State(Scope.Benchmark)
public class SegmentAllocationBenchmark {
  private static final int IN_FLIGHT = 256;

  /** This one belongs to a single thread, so each thread has its own. */
  private static final String OF_ONE_THREAD = "slice-confined";

  /**
   * Who provides the buffers; {@code queue} is the control, which has a bare object for each: what
   * it costs is the benchmark's own, and in {@code foreign-close} the way between the threads.
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
   * random}), or one that another thread acquired ({@code foreign-close}).
   */
  @Param({"ring", "lifo", "random", "foreign-close"})
  public String pattern = "ring";

  /** Whether buffers must be all zero. */
  @Param({"false", "true"})
  public boolean zeroed;

  private SharedPeer shared = new SharedPeer();

  /** What one thread has in flight. */
  @State(Scope.Thread)
  public static class Buffers {
    private SharedPeer peer = new SharedPeer();
    private @Nullable InFlight inFlight;

    /** Fills the buffers in flight. */
    @Setup
    public void open(SegmentAllocationBenchmark benchmark) {
      if (!benchmark.impl.equals(OF_ONE_THREAD)) {
        peer = benchmark.shared;
      }
      inFlight =
          InFlight.of(
              peer.open(() -> Peers.open(benchmark.impl, benchmark.size, 2 * IN_FLIGHT)),
              benchmark.pattern,
              IN_FLIGHT,
              benchmark.size,
              benchmark.zeroed);
    }

    /** Closes the buffers in flight and, if this is the last thread, their source. */
    @TearDown
    public void close() {
      if (inFlight != null) {
        inFlight.close();
        peer.close();
      }
    }
  }

  /** One buffer comes, one goes. */
  @Benchmark
  public void acquireTouchClose(Buffers buffers) {
    if (buffers.inFlight != null) {
      buffers.inFlight.exchange();
    }
  }
}
