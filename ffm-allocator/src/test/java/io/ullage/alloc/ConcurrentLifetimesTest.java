package io.ullage.alloc;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;

import io.ullage.core.ComponentToken;
import io.ullage.core.MemoryLimitException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;

/**
 * Random lifetimes on several threads that hand buffers to one another while the pool is trimmed:
 * every buffer is filled with a number of its own, so that bytes which two buffers share are seen.
 */
class ConcurrentLifetimesTest {
  private static final int THREADS = 4;
  private static final int STEPS = 2000;
  private static final long LIMIT_BYTES = 64 << 20;

  @Property(tries = 8)
  void keepEveryByteOnPlatformThreads(@ForAll long seed) throws Exception {
    run(seed, Thread.ofPlatform().factory());
  }

  @Property(tries = 8)
  void keepEveryByteOnVirtualThreads(@ForAll long seed) throws Exception {
    run(seed, Thread.ofVirtual().factory());
  }

  private static void run(long seed, ThreadFactory factory) throws Exception {
    try (TestPool pool = new TestPool(LIMIT_BYTES)) {
      Queue<Sent> handedOver = new ConcurrentLinkedQueue<>();
      Queue<Numbered> blocks = new ConcurrentLinkedQueue<>();
      AtomicLong numbers = new AtomicLong();
      List<Future<?>> running = new ArrayList<>();
      try (ExecutorService threads = Executors.newThreadPerTaskExecutor(factory)) {
        for (int each = 0; each < THREADS; each++) {
          Worker worker = new Worker(pool, handedOver, blocks, numbers, new Random(seed + each));
          running.add(threads.submit(worker));
        }
        while (running.stream().anyMatch(task -> !task.isDone())) {
          pool.chunks.trim().join();
        }
      }
      for (Future<?> task : running) {
        await(task);
      }
      for (Sent left = handedOver.poll(); left != null; left = handedOver.poll()) {
        try (PooledSegment attached = left.handle.attach()) {
          check(attached.segment(), left.number);
        }
      }
      for (Numbered left = blocks.poll(); left != null; left = blocks.poll()) {
        left.checkAndFree();
      }
      assertThat(pool.leaks).isEmpty();
      assertThat(pool.registry.root().totalReservedBytes()).isZero();
    }
  }

  private static void await(Future<?> task) throws Exception {
    try {
      task.get();
    } catch (ExecutionException failed) {
      throw new AssertionError(failed.getCause());
    }
  }

  private static void check(MemorySegment segment, long number) {
    for (long at = 0; at < segment.byteSize(); at += JAVA_LONG.byteSize()) {
      if (segment.get(JAVA_LONG, at) != number) {
        throw new AssertionError("buffer " + number + " was overwritten at byte " + at);
      }
    }
  }

  private record Open(PooledSegment segment, long number) {}

  private record Sent(DetachedSegment handle, long number) {}

  private record Numbered(UnguardedBlock block, long number) {
    void checkAndFree() {
      check(block.segment(), number);
      block.free();
    }
  }

  /** What one thread does. */
  private static final class Worker implements Runnable {
    private final TestPool pool;
    private final Queue<Sent> handedOver;
    private final Queue<Numbered> blocks;
    private final AtomicLong numbers;
    private final Random random;
    private final List<ComponentToken> tokens;
    private final Deque<Open> open = new ArrayDeque<>();

    Worker(
        TestPool pool,
        Queue<Sent> handedOver,
        Queue<Numbered> blocks,
        AtomicLong numbers,
        Random random) {
      this.pool = pool;
      this.handedOver = handedOver;
      this.blocks = blocks;
      this.numbers = numbers;
      this.random = random;
      tokens = List.of(pool.token("a"), pool.token("a.b"), pool.token("c"));
    }

    @Override
    public void run() {
      for (int step = 0; step < STEPS; step++) {
        step();
      }
      open.forEach(this::close);
    }

    private void step() {
      Open oldest = open.peekFirst();
      switch (oldest == null ? 0 : random.nextInt(10)) {
        case 0, 1, 2 -> acquire();
        case 3 -> close(open.removeFirst());
        case 4 -> close(open.removeLast());
        case 5 -> handedOver.add(send(open.removeFirst()));
        case 6 -> receive(handedOver.poll());
        case 7 -> allocateBlock();
        case 8 -> free(blocks.poll());
        default -> sliceOrMove(open.removeFirst());
      }
    }

    private void acquire() {
      try {
        PooledSegment segment = pool.segments.acquire(token(), byteSize());
        open.addLast(new Open(segment, fill(segment.segment())));
      } catch (MemoryLimitException _) {
        open.forEach(this::close);
        open.clear();
      }
    }

    private void allocateBlock() {
      try {
        UnguardedBlock block = UnguardedBlock.allocate(pool.chunks, token(), byteSize(), 8);
        blocks.add(new Numbered(block, fill(block.segment())));
      } catch (MemoryLimitException _) {
        free(blocks.poll());
      }
    }

    private static void free(@Nullable Numbered block) {
      if (block != null) {
        block.checkAndFree();
      }
    }

    /** Longs, spread evenly over their logarithms up to 2 MiB: slots of most classes, and spans. */
    private long byteSize() {
      return (1 + random.nextLong(1L << random.nextInt(18))) * JAVA_LONG.byteSize();
    }

    private long fill(MemorySegment segment) {
      long number = numbers.incrementAndGet();
      for (long at = 0; at < segment.byteSize(); at += JAVA_LONG.byteSize()) {
        segment.set(JAVA_LONG, at, number);
      }
      return number;
    }

    private void sliceOrMove(Open chosen) {
      PooledSegment segment = chosen.segment;
      if (random.nextBoolean()) {
        long half = segment.byteSize() / 16 * 8;
        open.addLast(new Open(segment.slice(half, segment.byteSize() - half), chosen.number));
      } else {
        try {
          segment.moveTo(token());
        } catch (MemoryLimitException | IllegalStateException _) {
          // No room for both charges at once, or shared with a slice: all stays as it was.
        }
      }
      open.addFirst(chosen);
    }

    private Sent send(Open chosen) {
      check(chosen.segment.segment(), chosen.number);
      return new Sent(chosen.segment.detach(), chosen.number);
    }

    private void receive(@Nullable Sent sent) {
      if (sent == null) {
        return;
      }
      if (random.nextInt(4) == 0) {
        sent.handle.discard();
      } else {
        open.addLast(new Open(sent.handle.attach(), sent.number));
      }
    }

    private void close(Open chosen) {
      check(chosen.segment.segment(), chosen.number);
      chosen.segment.close();
    }

    private ComponentToken token() {
      return tokens.get(random.nextInt(tokens.size()));
    }
  }
}
