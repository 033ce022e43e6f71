package io.ullage.stress.spill;

import io.ullage.alloc.ChunkPool;
import io.ullage.alloc.DetachedSegment;
import io.ullage.alloc.PooledSegment;
import io.ullage.core.ComponentRegistry;
import io.ullage.spill.EagerPolicy;
import io.ullage.spill.HeapStore;
import io.ullage.spill.PrefetchPolicy;
import io.ullage.spill.SpillQueue;
import io.ullage.spill.SpillQueueBuilder;
import io.ullage.spill.SpillWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/**
 * A queue of numbers for all the states of a fork, since a queue has threads of its own. Each actor
 * keeps its own count, and no two actors of one kind run at once.
 */
final class NumberQueue {
  private final SpillQueue queue;
  private final SpillWriter writer;
  private final MemorySegment number = Arena.ofAuto().allocate(ValueLayout.JAVA_LONG);
  private volatile long offered;
  private volatile long polled;

  private NumberQueue(SpillQueue queue) {
    this.queue = queue;
    this.writer = queue.writer();
  }

  /** Opens one that spills all but its last entry. */
  static NumberQueue open(@Nullable PrefetchPolicy prefetch) {
    ComponentRegistry registry = ComponentRegistry.builder().withoutCounterFile().build();
    SpillQueueBuilder builder =
        SpillQueue.builder(ChunkPool.open(registry), registry.component("stress").token())
            .store(new HeapStore())
            .spillPolicy(new EagerPolicy());
    try {
      return new NumberQueue(
          (prefetch == null ? builder : builder.prefetchPolicy(prefetch)).build());
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  boolean offerNext() {
    long next = offered;
    number.set(ValueLayout.JAVA_LONG, 0, next);
    try {
      writer.offer(number);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return false;
    }
    offered = next + 1;
    return true;
  }

  boolean pollNext() {
    DetachedSegment handle = queue.poll();
    if (handle == null) {
      return true;
    }
    long expected = polled;
    polled = expected + 1;
    try (PooledSegment segment = handle.attach()) {
      return segment.byteSize() == Long.BYTES
          && segment.segment().get(ValueLayout.JAVA_LONG, 0) == expected;
    }
  }
}
