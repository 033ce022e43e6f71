package io.ullage.bench.alloc;

import io.netty.buffer.AdaptiveByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.ullage.alloc.ChunkPool;
import io.ullage.alloc.PooledSegment;
import io.ullage.alloc.SegmentPool;
import io.ullage.core.ComponentRegistry;
import io.ullage.core.ComponentToken;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * How much memory a changing mix of sizes keeps committed for each live byte, beside Netty's
 * adaptive allocator.
 *
 * <p>The argument is the number of phases; each draws its sizes around another power of two, and
 * replaces the buffers of the phase before in random order. Both sides see the same sequence, whose
 * seed is fixed. Live bytes are those that were asked for.
 */
public final class FragmentationSoak {
  private static final int DEFAULT_PHASES = 12;
  private static final long LIVE_BYTES = 64L << 20;
  private static final int SMALLEST_LOG = 6;
  private static final int LARGEST_LOG = 17;
  private static final int SEED = 42;

  /** A phase takes some hundred milliseconds, and stands for hours of a program. */
  private static final Duration TRIM_AFTER = Duration.ofMillis(20);

  private FragmentationSoak() {}

  /** Runs the soak, and prints a line for each phase. */
  public static void main(String[] arguments) {
    int phases = arguments.length == 0 ? DEFAULT_PHASES : Integer.parseInt(arguments[0]);
    try (ComponentRegistry registry = ComponentRegistry.builder().withoutCounterFile().build();
        ChunkPool chunks = ChunkPool.builder(registry).trimAfter(TRIM_AFTER).build()) {
      Side<PooledSegment> ours = new Ullage(chunks, registry.component("soak").token());
      Side<ByteBuf> adaptive = new Adaptive();
      System.out.println("phase  around bytes  live MiB  ullage committed/live  adaptive");
      Random sizes = new Random(SEED);
      for (int phase = 0; phase < phases; phase++) {
        int log = SMALLEST_LOG + sizes.nextInt(LARGEST_LOG - SMALLEST_LOG + 1);
        ours.runPhase(log, new Random(phase));
        adaptive.runPhase(log, new Random(phase));
        System.out.printf(
            "%5d  %12d  %8d  %21.2f  %8.2f%n",
            phase, 1 << log, ours.liveBytes >> 20, ours.ratio(), adaptive.ratio());
      }
      ours.releaseAll();
      adaptive.releaseAll();
    }
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
