package io.ullage.bench.lease;

import java.io.IOException;
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
import org.openjdk.jmh.annotations.Threads;

/** What leases cost, beside what others make of locks. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Benchmark)
public class LeaseBenchmark {
  /**
   * {@code reentrant-lock} excludes threads of one program only; {@code file-lock} has neither time
   * nor token; {@code chronicle-query-context} is a lease on Chronicle Map as its manual has it,
   * under the map's own locks.
   */
  @Param({"ullage", "reentrant-lock", "file-lock", "chronicle-query-context"})
  public String impl = "ullage";

  private LeasePeer peer = new LockLeases();

  /** Opens what {@link #impl} names. */
  @Setup
  public void open() throws IOException {
    peer = LeasePeer.open(impl);
    if (!peer.isValid()) {
      throw new IllegalStateException("a fresh lease is not valid");
    }
  }

  /** Closes it. */
  @TearDown
  public void close() throws IOException {
    peer.close();
  }

  /** Takes a free key and gives it back, nobody else asking. */
  @Benchmark
  public boolean acquireRelease() throws IOException {
    if (!peer.tryAcquireAndRelease()) {
      throw new IllegalStateException("a free key was refused");
    }
    return true;
  }

  /** The same while another thread does it with the same key: asks until it gets it. */
  @Benchmark
  @Threads(2)
  public boolean contend() throws IOException {
    while (!peer.tryAcquireAndRelease()) {
      Thread.onSpinWait();
    }
    return true;
  }

  /** Extends a lease. */
  @Benchmark
  public void renew() throws IOException {
    peer.renew();
  }

  /** Looks at one's own lease. */
  @Benchmark
  public boolean isValid() {
    return peer.isValid();
  }

  /** Looks who holds a key. */
  @Benchmark
  public long peek() throws IOException {
    return peer.peek();
  }
}
