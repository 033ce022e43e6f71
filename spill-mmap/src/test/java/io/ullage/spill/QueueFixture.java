package io.ullage.spill;

import io.ullage.alloc.ChunkPool;
import io.ullage.alloc.DetachedSegment;
import io.ullage.alloc.PooledSegment;
import io.ullage.alloc.SegmentPool;
import io.ullage.core.Component;
import io.ullage.core.ComponentRegistry;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;

/** A registry, a pool, and entries whose bytes follow from their number. */
final class QueueFixture implements AutoCloseable {
  /**
   * So long that only what is broken takes longer, however busy the machine is; below JUnit's three
   * minutes, for the sake of the message.
   */
  static final Duration LONG = Duration.ofMinutes(2);

  final ComponentRegistry registry;
  final ChunkPool pool;
  final SegmentPool segments;
  final Component source;
  final Component queue;

  QueueFixture(long limitBytes) {
    registry = ComponentRegistry.builder().limitBytes(limitBytes).withoutCounterFile().build();
    pool = ChunkPool.open(registry);
    segments = SegmentPool.over(pool);
    source = registry.component("source");
    queue = registry.component("queue");
  }

  SpillQueueBuilder builder() {
    return SpillQueue.builder(segments, queue.token()).closeTimeout(LONG);
  }

  DetachedSegment entry(long number, long byteSize) {
    PooledSegment acquired = segments.acquire(source.token(), byteSize);
    fill(acquired.segment(), number);
    return acquired.detach();
  }

  void offer(SpillWriter writer, long number, long byteSize) {
    try {
      writer.offer(entry(number, byteSize));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Takes the next entry, waiting for it, and checks all of it. */
  void expect(SpillQueue from, long number, long byteSize) {
    DetachedSegment taken;
    try {
      taken = from.poll(LONG);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    if (taken == null) {
      throw new AssertionError("entry " + number + " does not come: " + from.statistics());
    }
    check(taken, number, byteSize);
  }

  static void check(DetachedSegment taken, long number, long byteSize) {
    try (PooledSegment attached = taken.attach()) {
      byte[] expected = new byte[(int) byteSize];
      fill(MemorySegment.ofArray(expected), number);
      Assertions.assertThat(attached.segment().toArray(ValueLayout.JAVA_BYTE))
          .as("entry %d", number)
          .isEqualTo(expected);
    }
  }

  static void fill(MemorySegment memory, long number) {
    for (long i = 0; i < memory.byteSize(); i++) {
      memory.set(ValueLayout.JAVA_BYTE, i, (byte) (31 * number + 7 * i + (i >> 8)));
    }
  }

  /** Deletes a directory and the files in it. */
  static void deleteAll(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(directory);
  }

  /** Waits for something that another thread is about to do. */
  static void eventually(BooleanSupplier condition, String what) {
    long end = System.nanoTime() + LONG.toNanos();
    while (!condition.getAsBoolean()) {
      Assertions.assertThat(System.nanoTime()).as(what).isLessThan(end);
      Thread.onSpinWait();
    }
  }

  /** Begins something that waits, on a thread of its own; returns once it does, or has ended. */
  static <T> Future<T> waiting(Callable<T> call) {
    return waiting(call, () -> true);
  }

  /** The same, but a wait before something else is so, as for a class or a lock, is not meant. */
  static <T> Future<T> waiting(Callable<T> call, BooleanSupplier begun) {
    FutureTask<T> task = new FutureTask<>(call);
    Thread thread = Thread.ofPlatform().daemon().start(task);
    eventually(
        () ->
            task.isDone()
                || (begun.getAsBoolean()
                    && (thread.getState() == Thread.State.WAITING
                        || thread.getState() == Thread.State.TIMED_WAITING)),
        "nobody waits");
    return task;
  }

  @Override
  public void close() {
    Assertions.assertThat(registry.root().totalReservedBytes()).as("reserved at the end").isZero();
    pool.close();
    Assertions.assertThat(pool.statistics().usedBytes()).as("used at the end").isZero();
    registry.close();
  }
}
