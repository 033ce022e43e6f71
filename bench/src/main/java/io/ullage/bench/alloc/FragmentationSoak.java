package io.ullage.bench.alloc;

import io.netty.buffer.AdaptiveByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.ullage.alloc.ChunkPool;
import io.ullage.alloc.PooledSegment;
import io.ullage.alloc.SegmentPool;
import io.ullage.core.ComponentRegistry;
import io.ullage.core.ComponentToken;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * How much memory a changing mix of sizes keeps committed for each live byte, beside Netty's
 * adaptive allocator.
 *
 * <p>The arguments are the number of phases and the number of runs. Each phase draws its sizes
 * around another power of two, and replaces the buffers of the phase before in random order. Both
 * sides see the same sequence, whose seed is the number of the run, and have default options. Live
 * bytes are those that were asked for; what is compared is committed to live bytes at the end of
 * the last phase, the moment it ends.
 */
public final class FragmentationSoak {
  private static final int DEFAULT_PHASES = 12;
  private static final int DEFAULT_RUNS = 5;
  private static final long LIVE_BYTES = 64L << 20;
  private static final int SMALLEST_LOG = 6;
  private static final int LARGEST_LOG = 17;

  private FragmentationSoak() {}

  /** Runs the soak, and prints a line for each phase and the medians of all ends. */
  public static void main(String[] arguments) {
    int phases = arguments.length > 0 ? Integer.parseInt(arguments[0]) : DEFAULT_PHASES;
    int runs = arguments.length > 1 ? Integer.parseInt(arguments[1]) : DEFAULT_RUNS;
    double[] ours = new double[runs];
    double[] adaptive = new double[runs];
    System.out.println("run  phase  around bytes  live MiB  ullage committed/live  adaptive");
    for (int run = 0; run < runs; run++) {
      try (ComponentRegistry registry = ComponentRegistry.builder().withoutCounterFile().build();
          ChunkPool chunks = ChunkPool.open(registry)) {
        Side<PooledSegment> ullage = new Ullage(chunks, registry.component("soak").token());
        Side<ByteBuf> netty = new Adaptive();
        soak(run, phases, ullage, netty);
        ours[run] = ullage.ratio();
        adaptive[run] = netty.ratio();
        ullage.releaseAll();
        netty.releaseAll();
      }
    }
    System.out.printf(
        "at the end, median of %d: ullage %.2f, adaptive %.2f%n",
        runs, median(ours), median(adaptive));
  }

  private static void soak(int run, int phases, Side<?> ours, Side<?> adaptive) {
    Random sizes = new Random(run);
    for (int phase = 0; phase < phases; phase++) {
      int log = SMALLEST_LOG + sizes.nextInt(LARGEST_LOG - SMALLEST_LOG + 1);
      long seed = sizes.nextLong();
      ours.runPhase(log, new Random(seed));
      adaptive.runPhase(log, new Random(seed));
      System.out.printf(
          "%3d  %5d  %12d  %8d  %21.2f  %8.2f%n",
          run, phase, 1 << log, ours.liveBytes >> 20, ours.ratio(), adaptive.ratio());
    }
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  private record Held<B>(B buffer, int byteSize) {}

  /** One allocator and what it has live. */
  private abstract static class Side<B> {
    private List<Held<B>> before = new ArrayList<>();
    private List<Held<B>> current = new ArrayList<>();
    private long liveBytes;

    abstract B acquire(int byteSize);

    abstract void release(B buffer);

    abstract long committedBytes();

    /** Those of the phase before go one by one while others come, so that both lie mixed. */
    void runPhase(int log, Random random) {
      before = current;
      current = new ArrayList<>();
      while (!before.isEmpty() || liveBytes < LIVE_BYTES) {
        while (!before.isEmpty() && liveBytes >= LIVE_BYTES) {
          releaseOne(random);
        }
        if (liveBytes < LIVE_BYTES) {
          int byteSize = (1 << (log - 1)) + random.nextInt(1 << log);
          current.add(new Held<>(acquire(byteSize), byteSize));
          liveBytes += byteSize;
        }
      }
    }

    /** Releases any of the phase before. */
    private void releaseOne(Random random) {
      int chosen = random.nextInt(before.size());
      Held<B> last = before.removeLast();
      release(chosen == before.size() ? last : before.set(chosen, last));
    }

    private void release(Held<B> held) {
      release(held.buffer);
      liveBytes -= held.byteSize;
    }

    double ratio() {
      return (double) committedBytes() / liveBytes;
    }

    void releaseAll() {
      current.forEach(this::release);
      current.clear();
    }
  }

  private static final class Ullage extends Side<PooledSegment> {
    private final ChunkPool chunks;
    private final SegmentPool pool;
    private final ComponentToken token;

    Ullage(ChunkPool chunks, ComponentToken token) {
      this.chunks = chunks;
      pool = SegmentPool.over(chunks);
      this.token = token;
    }

    @Override
    PooledSegment acquire(int byteSize) {
      return pool.acquire(token, byteSize);
    }

    @Override
    void release(PooledSegment buffer) {
      buffer.close();
    }

    @Override
    long committedBytes() {
      return chunks.statistics().committedBytes();
    }
  }

  private static final class Adaptive extends Side<ByteBuf> {
    private final AdaptiveByteBufAllocator allocator = new AdaptiveByteBufAllocator(true, true);

    @Override
    ByteBuf acquire(int byteSize) {
      return allocator.directBuffer(byteSize, byteSize);
    }

    @Override
    void release(ByteBuf buffer) {
      buffer.release();
    }

    @Override
    long committedBytes() {
      return allocator.usedDirectMemory();
    }
  }
}
