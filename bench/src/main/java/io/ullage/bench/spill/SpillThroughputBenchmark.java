package io.ullage.bench.spill;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Pushes all, then drains all: bytes are copied in from one chunk, through memory and disk, and out
 * into another one.
 *
 * <p>The warm-up leaves recycled files behind, as a program has them that spills for the second
 * time.
 */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 2)
@Measurement(iterations = 5)
@State(Scope.Benchmark)
public class SpillThroughputBenchmark {
  /**
   * {@code file-channel} writes a plain temporary file for each 2 MiB, reads it back and deletes
   * it.
   */
  @Param({"ullage", "file-channel"})
  public String impl = "ullage";

  /** Bytes of a chunk. */
  @Param({"262144", "4096", "65536"})
  public int size = 262_144;

  /** How much goes through. */
  @Param({"512", "128", "2048"})
  public int totalMb = 512;

  private Spilling spilling = Spilling.NONE;

  /** Opens what {@link #impl} names. */
  @Setup(Level.Trial)
  public void open() throws IOException {
    spilling =
        switch (impl) {
          case "ullage" -> new UllageSpilling(size);
          case "file-channel" -> new FileChannelSpilling(size);
          default -> throw new IllegalArgumentException("impl: " + impl);
        };
  }

  /** Closes it and removes its files. */
  @TearDown(Level.Trial)
  public void close() throws IOException {
    spilling.close();
  }

  /** Pushes and drains; the sum of what came out must be that of what went in. */
  @Benchmark
  public long pushThenDrain() throws IOException, InterruptedException {
    int chunks = (int) (((long) totalMb << 20) / size);
    for (int chunk = 0; chunk < chunks; chunk++) {
      spilling.push(chunk);
    }
    spilling.endOfPush();
    long sum = 0;
    for (int chunk = 0; chunk < chunks; chunk++) {
      sum += spilling.pull();
    }
    long expected = (long) chunks * (chunks - 1) / 2;
    if (sum != expected) {
      throw new IOException("got " + sum + " out, expected " + expected);
    }
    return sum;
  }
}
