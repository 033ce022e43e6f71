package io.ullage.bench.lease;

import java.io.IOException;
import java.net.URI;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** What leases cost on a Redis server on loopback, which the benchmark starts. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Benchmark)
public class RedisLeaseBenchmark {
  /** {@code redisson} is its reentrant lock, which has no fencing token. */
  @Param({"ullage", "redisson"})
  public String impl = "ullage";

  private @Nullable RedisServer server;
  private @Nullable RedisPeer peer;

  /** Starts a server and opens what {@link #impl} names. */
  @Setup
  public void open() throws IOException {
    RedisServer started = new RedisServer();
    server = started;
    URI uri = started.uri();
    peer = RedisPeer.open(impl, uri);
  }

  /** Ends both. */
  @TearDown
  public void close() throws IOException {
    peer().close();
    Objects.requireNonNull(server).close();
  }

  private RedisPeer peer() {
    return Objects.requireNonNull(peer);
  }

  /** Takes a free key and gives it back: two requests, each one round trip. */
  @Benchmark
  public boolean acquireRelease() {
    if (!peer().tryAcquireAndRelease()) {
      throw new IllegalStateException("a free key was refused");
    }
    return true;
  }

  /** Extends what is held: one round trip. */
  @Benchmark
  public void renew() {
    peer().renew();
  }
}
