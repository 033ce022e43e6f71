package io.ullage.bench.alloc;

import io.ullage.alloc.ChunkPool;
import io.ullage.alloc.ComponentArena;
import io.ullage.core.ComponentRegistry;
import io.ullage.core.ComponentToken;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
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
 * Makes {@value #SEGMENTS} segments that all threads may use, writes to each, and ends them: one
 * shared region against a shared arena for each.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Thread)
public class SharedRegionBenchmark {
  private static final int SEGMENTS = 1000;

  /** {@code arena-shared} opens an arena of the JDK for each segment. */
  @Param({"ullage", "arena-shared"})
  public String impl = "ullage";

  /** Bytes of a segment. */
  @Param("64")
  public long size = 64;

  private final ComponentRegistry registry =
      ComponentRegistry.builder().withoutCounterFile().build();
  private final ChunkPool pool = ChunkPool.open(registry);
  private final ComponentToken token = registry.component("benchmark").token();
  private final Arena[] arenas = new Arena[SEGMENTS];
  private boolean region;

  /** Chooses what {@link #impl} names. */
  @Setup
  public void open() {
    region =
        switch (impl) {
          case "ullage" -> true;
          case "arena-shared" -> false;
          default ->
              throw new IllegalArgumentException(
                  "impl is " + impl + "; allowed: ullage, arena-shared");
        };
  }

  /** Closes the pool. */
  @TearDown
  public void close() {
    pool.close();
    registry.close();
  }

  /** All segments, from the first opening to the last closing. */
  @Benchmark
  public long share() {
    return region ? shareRegion() : shareArenas();
  }

  private long shareRegion() {
    long sum = 0;
    try (ComponentArena arena = ComponentArena.ofShared(pool, token)) {
      for (int each = 0; each < SEGMENTS; each++) {
        sum += write(arena.allocate(size, Long.BYTES), each);
      }
    }
    return sum;
  }

  private long shareArenas() {
    long sum = 0;
    for (int each = 0; each < SEGMENTS; each++) {
      arenas[each] = Arena.ofShared();
      sum += write(arenas[each].allocate(size, Long.BYTES), each);
    }
    for (Arena arena : arenas) {
      arena.close();
    }
    return sum;
  }

  private static long write(MemorySegment segment, long value) {
    segment.set(ValueLayout.JAVA_LONG, 0, value);
    return segment.get(ValueLayout.JAVA_LONG, 0);
  }
}
