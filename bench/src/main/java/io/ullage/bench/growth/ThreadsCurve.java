package io.ullage.bench.growth;

import io.ullage.alloc.ChunkPool;
import io.ullage.alloc.PooledSegment;
import io.ullage.alloc.SegmentPool;
import io.ullage.core.ComponentRegistry;
import io.ullage.core.ComponentToken;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;

/**
 * A buffer of 1 KiB acquired, written to and closed, by many threads for one component. What one
 * costs is CPU time: elapsed time, times the CPUs that the threads can use at once.
 */
record ThreadsCurve() implements Curve {
  private static final long BYTES = 1024;

  @Override
  public String name() {
    return "buffer";
  }

  @Override
  public String parameter() {
    return "threads";
  }

  @Override
  public int step() {
    return 2;
  }

  @Override
  public int most(boolean full) {
    return 64;
  }

  @Override
  public Point open(int count) {
    ComponentRegistry registry =
        ComponentRegistry.builder().withoutCounterFile().limitBytes(1L << 30).build();
    ChunkPool chunks = ChunkPool.open(registry);
    SegmentPool pool = SegmentPool.over(chunks);
    ComponentToken token = registry.component("everybody").token();
    int atOnce = Math.min(count, Runtime.getRuntime().availableProcessors());
    Workers workers = new Workers(count, atOnce, pool, token);
    return new Point() {
      @Override
      public void repeat(int times) throws InterruptedException {
        workers.repeat(times);
      }

      @Override
      public void close() {
        workers.end();
        chunks.close();
        registry.close();
      }
    };
  }

  /** Threads that live as long as a point does, so that none of them begins with nothing cached. */
  private static final class Workers {
    private final CyclicBarrier begin;
    private final CyclicBarrier end;
    private final int count;
    private final int atOnce;
    private volatile int timesEach;

    Workers(int count, int atOnce, SegmentPool pool, ComponentToken token) {
      this.count = count;
      this.atOnce = atOnce;
      this.begin = new CyclicBarrier(count + 1);
      this.end = new CyclicBarrier(count + 1);
      for (int i = 0; i < count; i++) {
        Thread.ofPlatform().daemon().name("growth-" + i).start(() -> work(pool, token));
      }
    }

    /** So many operations for each CPU, shared by all threads. */
    void repeat(int times) throws InterruptedException {
      timesEach = Math.max(1, (int) ((long) times * atOnce / count));
      await(begin);
      await(end);
    }

    void end() {
      timesEach = 0;
      try {
        await(begin);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private void work(SegmentPool pool, ComponentToken token) {
      try {
        while (true) {
          await(begin);
          int times = timesEach;
          if (times == 0) {
            return;
          }
          for (int i = 0; i < times; i++) {
            try (PooledSegment buffer = pool.acquire(token, BYTES)) {
              buffer.segment().set(ValueLayout.JAVA_LONG, 0, i);
            }
          }
          await(end);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private static void await(CyclicBarrier barrier) throws InterruptedException {
      try {
        barrier.await();
      } catch (BrokenBarrierException broken) {
        throw new IllegalStateException("another thread failed", broken);
      }
    }
  }
}
