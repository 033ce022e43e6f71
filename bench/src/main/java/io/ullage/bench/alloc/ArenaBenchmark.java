package io.ullage.bench.alloc;

import io.ullage.alloc.ChunkPool;
import io.ullage.alloc.ComponentArena;
import io.ullage.core.ComponentRegistry;
import io.ullage.core.ComponentToken;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Opens an arena, allocates and touches {@value #SEGMENTS} zeroed segments, and closes it. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Thread)
public class ArenaBenchmark {
  private static final int SEGMENTS = 1000;

  /** {@code arena-confined} is the JDK's own. */
  @Param({"ullage", "arena-confined"})
  public String impl = "ullage";

  /** Bytes of a segment. */
  @Param({"64", "1024"})
  public long size = 64;

  private final ComponentRegistry registry =
      ComponentRegistry.builder().withoutCounterFile().build();
  private final ChunkPool pool = ChunkPool.open(registry);
  private Supplier<Arena> arenas = Arena::ofConfined;

  /** Chooses the arenas that {@link #impl} names. */
  @Setup
  public void open() {
    ComponentToken token = registry.component("benchmark").token();
    arenas =
        switch (impl) {
          case "ullage" -> () -> ComponentArena.ofConfined(pool, token);
          case "arena-confined" -> Arena::ofConfined;
          default -> throw new IllegalArgumentException("impl: " + impl);
        };
  }

  /** Closes the pool. */
  @TearDown
  public void close() {
    pool.close();
    registry.close();
  }

  /** One arena, from its opening to its closing. */
  @Benchmark
  public long burst() {
    long sum = 0;
    try (Arena arena = arenas.get()) {
      for (int i = 0; i < SEGMENTS; i++) {
        var segment = arena.allocate(size, Long.BYTES);
        segment.set(ValueLayout.JAVA_LONG, 0, i);
        sum += segment.get(ValueLayout.JAVA_LONG, 0);
      }
    }
    return sum;
  }
}
