package io.ullage.bench.alloc;

import io.ullage.bench.peer.PeerAllocator;
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
 * Direct buffers of Netty's interface, {@value #IN_FLIGHT} in flight: allocate one, touch both its
 * ends, release the oldest. {@code ullage} is our allocator behind that interface.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 5, jvmArgsAppend = "-XX:+UseParallelGC")
@State(Scope.Thread)
public class NettyAdapterBenchmark {
  private static final int IN_FLIGHT = 256;

  /** On whose memory. */
  @Param({"ullage", "netty-pooled", "netty-adaptive"})
  public String impl = "ullage";

  /** Bytes of a buffer. */
  @Param({"1024", "64", "65536"})
  public long size = 1024;

  private @Nullable PeerAllocator<Object> peer;
  private @Nullable InFlight inFlight;

  /** Fills the buffers in flight. */
  @Setup
  public void open() {
    peer = Peers.open(impl.equals("ullage") ? "ullage-netty" : impl, size, IN_FLIGHT);
    inFlight = InFlight.of(peer, "ring", IN_FLIGHT, size, false);
  }

  /** Closes the buffers in flight and their source. */
  @TearDown
  public void close() {
    if (inFlight != null && peer != null) {
      inFlight.close();
      peer.close();
    }
  }

  /** One buffer comes, one goes. */
  @Benchmark
  public void allocateTouchRelease() {
    if (inFlight != null) {
      inFlight.exchange();
    }
  }
}
