package io.ullage.stress.soak;

import io.ullage.alloc.ChunkPool;
import io.ullage.alloc.ComponentArena;
import io.ullage.alloc.DetachedSegment;
import io.ullage.alloc.PoolStatistics;
import io.ullage.alloc.PooledSegment;
import io.ullage.alloc.SegmentPool;
import io.ullage.core.Component;
import io.ullage.core.ComponentRegistry;
import io.ullage.core.ExternalCharge;
import io.ullage.core.MemoryLimitException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Some seconds of a program that charges, allocates, hands over and frees at random, in a tree of
 * components with random limits; every buffer is filled with a number of its own and looked at
 * before it goes.
 */
final class MemoryChurn {
  private static final int THREADS = 2;
  private static final int MOST_HELD = 96;
  private static final int HANDED_OVER = 64;
  private static final int LARGEST_SHIFT = 18;
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final Tally tally;
  private final ComponentRegistry registry;
  private final ChunkPool chunks;
  private final SegmentPool segments;
  private final List<Component> components = new ArrayList<>();
  private final ArrayBlockingQueue<Numbered<DetachedSegment>> handedOver =
      new ArrayBlockingQueue<>(HANDED_OVER);

  /** A buffer and the number that it is filled with. */
  private record Numbered<T>(T buffer, long number) {}

  private MemoryChurn(Tally tally, SplittableRandom random, Path counterFolder) {
    this.tally = tally;
    registry =
        ComponentRegistry.builder()
            .limitBytes(random.nextLong(8L << 20, 64L << 20))
            .counterFileDirectory(counterFolder)
            .build();
    chunks = ChunkPool.builder(registry).trimAfter(Duration.ofMillis(500)).build();
    segments = SegmentPool.over(chunks);
    int count = random.nextInt(1, 40);
    for (int i = 0; i < count; i++) {
      Component parent =
          components.isEmpty() || random.nextBoolean()
              ? registry.root()
              : components.get(random.nextInt(components.size()));
      String path = (parent == registry.root() ? "" : parent.path() + ".") + "c" + i;
      Component component = registry.component(path);
      if (random.nextBoolean()) {
        component.setLimitBytes(random.nextLong(1 << 10, 16L << 20));
      }
      components.add(component);
    }
  }

  /** Runs one program from its start to its end. */
  static void run(Tally tally, long seed, long millis, Path counterFolder)
      throws InterruptedException {
    SplittableRandom random = new SplittableRandom(seed);
    MemoryChurn program = new MemoryChurn(tally, random, counterFolder);
    Churn churn = new Churn(tally);
    for (int i = 0; i < THREADS; i++) {
      SplittableRandom own = random.split();
      churn.start("memory-" + i, () -> program.work(churn, own));
    }
    SnapshotWatch watch = new SnapshotWatch(tally, program.registry);
    churn.start("watch", () -> watch.run(churn));
    TimeUnit.MILLISECONDS.sleep(millis);
    churn.stop();
    churn.join();
    program.end();
  }

  private void work(Churn churn, SplittableRandom random) {
    List<Numbered<PooledSegment>> held = new ArrayList<>();
    while (!churn.isStopped()) {
      step(random, held);
      tally.operation();
      if (random.nextInt(2000) == 0) {
        LockSupport.parkNanos(random.nextLong(5_000_000));
      }
    }
    held.forEach(this::close);
  }

  private void step(SplittableRandom random, List<Numbered<PooledSegment>> held) {
    try {
      switch (random.nextInt(16)) {
        case 0, 1, 2, 3, 4 -> acquire(random, held);
        case 5, 6, 7, 8 -> closeAny(random, held);
        case 9 -> handOver(random, held);
        case 10 -> takeOver(held);
        case 11 -> arena(random);
        case 12 -> charge(random);
        case 13 -> move(random, held);
        case 14 -> external(random);
        default -> limit(random);
      }
    } catch (MemoryLimitException refusal) {
      // What a limit is for.
      tally.check(
          refusal.levels().stream()
              .anyMatch(l -> l.requestedBytes() > l.limitBytes() - l.reservedBytes()),
          "a refusal names a level without room",
          refusal.getMessage());
    }
  }

  private void acquire(SplittableRandom random, List<Numbered<PooledSegment>> held) {
    if (held.size() >= MOST_HELD) {
      close(held.remove(random.nextInt(held.size())));
    }
    long bytes = Long.BYTES + random.nextLong(1L << random.nextInt(5, LARGEST_SHIFT));
    segments
        .tryAcquire(any(random).token(), bytes)
        .ifPresent(
            buffer -> {
              long number = random.nextLong();
              write(buffer.segment(), number);
              held.add(new Numbered<>(buffer, number));
            });
  }

  private void closeAny(SplittableRandom random, List<Numbered<PooledSegment>> held) {
    if (!held.isEmpty()) {
      close(held.remove(random.nextInt(held.size())));
    }
  }

  private void close(Numbered<PooledSegment> held) {
    MemorySegment segment = held.buffer().segment();
    checkNumber(segment, held.number());
    held.buffer().close();
    boolean refused = false;
    try {
      segment.get(ValueLayout.JAVA_BYTE, 0);
    } catch (IllegalStateException closed) {
      refused = true;
    }
    tally.check(refused, "use after close throws", segment);
  }

  private void handOver(SplittableRandom random, List<Numbered<PooledSegment>> held) {
    if (!held.isEmpty()) {
      Numbered<PooledSegment> next = held.remove(random.nextInt(held.size()));
      DetachedSegment handle = next.buffer().detach();
      if (!handedOver.offer(new Numbered<>(handle, next.number()))) {
        handle.discard();
      }
    }
  }

  private void takeOver(List<Numbered<PooledSegment>> held) {
    Numbered<DetachedSegment> handle = handedOver.poll();
    if (handle != null) {
      PooledSegment buffer = handle.buffer().attach();
      checkNumber(buffer.segment(), handle.number());
      held.add(new Numbered<>(buffer, handle.number()));
    }
  }

  private void arena(SplittableRandom random) {
    try (ComponentArena arena =
        random.nextBoolean()
            ? ComponentArena.ofConfined(chunks, any(random).token())
            : ComponentArena.ofShared(chunks, any(random).token())) {
      int count = random.nextInt(1, 20);
      for (int i = 0; i < count; i++) {
        MemorySegment segment = arena.allocate(random.nextLong(1, 4096));
        tally.check(
            segment.get(ValueLayout.JAVA_BYTE, segment.byteSize() - 1) == 0,
            "what an arena allocates is zero",
            segment);
        segment.fill((byte) -1);
      }
    }
  }

  private void charge(SplittableRandom random) {
    Component component = any(random);
    long bytes = random.nextLong(1L << 16);
    component.charge(bytes);
    Component receiver = any(random);
    try {
      component.transferTo(receiver, bytes);
      component = receiver;
    } finally {
      component.discharge(bytes);
    }
  }

  private void move(SplittableRandom random, List<Numbered<PooledSegment>> held) {
    if (!held.isEmpty()) {
      held.get(random.nextInt(held.size())).buffer().moveTo(any(random).token());
    }
  }

  private void external(SplittableRandom random) {
    try (ExternalCharge charge = any(random).chargeExternal(random.nextLong(1L << 16))) {
      tally.check(charge.bytes() >= 0, "an external charge is not negative", charge);
    }
  }

  /** Raised and lowered, also below what is reserved; the root keeps its limit. */
  private void limit(SplittableRandom random) {
    if (random.nextInt(100) == 0) {
      Component component = any(random);
      if (component.limitBytes() != Long.MAX_VALUE) {
        component.setLimitBytes(random.nextLong(1 << 10, 16L << 20));
      }
    }
  }

  private void end() throws InterruptedException {
    for (Numbered<DetachedSegment> left = handedOver.poll();
        left != null;
        left = handedOver.poll()) {
      left.buffer().discard();
    }
    PoolStatistics statistics = chunks.statistics();
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    // What is about to be unmapped is counted a moment later.
    while (statistics.usedBytes() + statistics.cachedBytes() != statistics.committedBytes()
        && System.nanoTime() - deadline < 0) {
      TimeUnit.MILLISECONDS.sleep(1);
      statistics = chunks.statistics();
    }
    tally.check(
        statistics.usedBytes() == 0
            && statistics.usedBytes() + statistics.cachedBytes() == statistics.committedBytes(),
        "components' and pool's bytes are what is committed",
        statistics);
    chunks.close();
    tally.check(
        registry.root().totalReservedBytes() == 0,
        "nothing is reserved after the end",
        registry.root().totalReservedBytes());
    registry.close();
  }

  private Component any(SplittableRandom random) {
    return components.get(random.nextInt(components.size()));
  }

  private static void write(MemorySegment segment, long number) {
    segment.set(ValueLayout.JAVA_LONG_UNALIGNED, 0, number);
    segment.set(ValueLayout.JAVA_LONG_UNALIGNED, segment.byteSize() - Long.BYTES, number);
  }

  private void checkNumber(MemorySegment segment, long number) {
    long first = segment.get(ValueLayout.JAVA_LONG_UNALIGNED, 0);
    long last = segment.get(ValueLayout.JAVA_LONG_UNALIGNED, segment.byteSize() - Long.BYTES);
    Optional<Long> other =
        last != number
            ? Optional.of(last)
            : first != number && segment.byteSize() >= 16 ? Optional.of(first) : Optional.empty();
    tally.check(other.isEmpty(), "a buffer is its owner's alone", other);
  }
}
