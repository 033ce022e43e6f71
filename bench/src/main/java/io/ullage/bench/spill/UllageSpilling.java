package io.ullage.bench.spill;

import io.ullage.alloc.ChunkPool;
import io.ullage.alloc.DetachedSegment;
import io.ullage.alloc.PooledSegment;
import io.ullage.core.ComponentRegistry;
import io.ullage.spill.MappedFileStore;
import io.ullage.spill.PrefetchPolicy;
import io.ullage.spill.SpillQueue;
import io.ullage.spill.SpillWriter;
import io.ullage.spill.ThresholdPolicy;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;

/** A spill queue whose head and threshold are small beside what goes through. */
final class UllageSpilling implements Spilling {
  private static final long THRESHOLD_BYTES = 32L << 20;
  private static final long HEAD_RESERVE_BYTES = 16L << 20;

  private final Arena arena = Arena.ofShared();
  private final Path folder = Folders.create();
  private final ComponentRegistry registry =
      ComponentRegistry.builder().withoutCounterFile().build();
  private final ChunkPool pool = ChunkPool.open(registry);
  private final MappedFileStore store;
  private final SpillQueue queue;
  private final SpillWriter writer;
  private final MemorySegment source;
  private final MemorySegment target;

  UllageSpilling(int chunkBytes) throws IOException {
    source = arena.allocate(chunkBytes, Long.BYTES);
    target = arena.allocate(chunkBytes, Long.BYTES);
    store = MappedFileStore.builder(folder).build();
    queue =
        SpillQueue.builder(pool, registry.component("queue").token())
            .store(store)
            .spillPolicy(new ThresholdPolicy(THRESHOLD_BYTES, HEAD_RESERVE_BYTES))
            .prefetchPolicy(PrefetchPolicy.budget(HEAD_RESERVE_BYTES))
            .build();
    writer = queue.writer();
  }

  @Override
  public void push(long number) throws InterruptedException {
    source.set(ValueLayout.JAVA_LONG, 0, number);
    writer.offer(source);
  }

  /** The queue needs no word: it is read while it is written. */
  @Override
  public void endOfPush() {}

  @Override
  public long pull() throws IOException, InterruptedException {
    DetachedSegment handle = queue.take();
    if (handle == null) {
      throw new IOException("the queue ended too early");
    }
    try (PooledSegment segment = handle.attach()) {
      target.copyFrom(segment.segment());
    }
    return target.get(ValueLayout.JAVA_LONG, 0);
  }

  @Override
  public void close() throws IOException {
    writer.close();
    queue.close();
    store.close();
    pool.close();
    registry.close();
    arena.close();
    Folders.delete(folder);
  }
}
