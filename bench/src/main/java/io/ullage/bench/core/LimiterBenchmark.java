package io.ullage.bench.core;

import io.ullage.core.ComponentRegistry;
import io.ullage.core.limiter.MemoryLimiter;
import java.time.Duration;
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
 * What it costs to ask the limiter while there is no pressure. The goal is at most 1 ns more than
 * one plain read of a field.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Benchmark)
public class LimiterBenchmark {
  /** {@code plain-read}: one plain load of a long field and a comparison with zero. */
  @Param({"ullage", "noop", "plain-read"})
  public String impl = "ullage";

  private final ComponentRegistry registry =
      ComponentRegistry.builder().limitBytes(1 << 20).withoutCounterFile().build();
  private Check check = new PlainCheck();

  /** Makes the check that {@link #impl} names. */
  @Setup
  public void create() {
    check =
        switch (impl) {
          case "ullage" -> new LimiterCheck(MemoryLimiter.builder(registry).start());
          case "noop" -> new LimiterCheck(MemoryLimiter.noop());
          case "plain-read" -> new PlainCheck();
          default -> throw new IllegalArgumentException("impl: " + impl);
        };
  }

  /** Ends the limiter's thread. */
  @TearDown
  public void close() {
    check.close();
    registry.close();
  }

  /** Asks for capacity of which there is enough. */
  @Benchmark
  public void awaitCapacity() throws InterruptedException {
    check.awaitCapacity();
  }

  private interface Check extends AutoCloseable {
    void awaitCapacity() throws InterruptedException;

    @Override
    void close();
  }

  private record LimiterCheck(MemoryLimiter limiter) implements Check {
    @Override
    public void awaitCapacity() throws InterruptedException {
      limiter.awaitCapacity();
    }

    @Override
    public void close() {
      limiter.close();
    }
  }

  private static final class PlainCheck implements Check {
    private long delayNanos;

    @Override
    public void awaitCapacity() throws InterruptedException {
      if (delayNanos != 0) {
        Thread.sleep(Duration.ofNanos(delayNanos));
      }
    }

    @Override
    public void close() {
      delayNanos = 0;
    }
  }
}
