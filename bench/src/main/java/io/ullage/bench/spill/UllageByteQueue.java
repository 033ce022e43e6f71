package io.ullage.bench.spill;

import io.ullage.alloc.ChunkPool;
import io.ullage.alloc.DetachedSegment;
import io.ullage.alloc.PooledSegment;
import io.ullage.alloc.SegmentPool;
import io.ullage.core.ComponentRegistry;
import io.ullage.core.ComponentToken;
import io.ullage.spill.MappedFileStore;
import io.ullage.spill.PrefetchPolicy;
import io.ullage.spill.SpillQueue;
import io.ullage.spill.SpillWriter;
import io.ullage.spill.ThresholdPolicy;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;

/** Ours: entries of the pool, accounted, handed over; the middle goes to segment files. */
final class UllageByteQueue implements ByteQueue {
  private final ComponentRegistry registry =
      ComponentRegistry.builder().withoutCounterFile().build();
  private final ChunkPool pool = ChunkPool.open(registry);
  private final SegmentPool segments = SegmentPool.over(pool);
  private final ComponentToken source = registry.component("source").token();
  private final MappedFileStore store;
  private final SpillQueue queue;
  private final SpillWriter writer;
  private final int size;

  UllageByteQueue(Path directory, int size, long residentBytes) throws IOException {
    this.size = size;
    store = MappedFileStore.builder(directory).build();
    queue =
        SpillQueue.builder(segments, registry.component("queue").token())
            .store(store)
            .spillPolicy(new ThresholdPolicy(residentBytes / 2, residentBytes / 2))
            .prefetchPolicy(PrefetchPolicy.budget(residentBytes / 2))
            .build();
    writer = queue.writer();
  }

  @Override
  public void push(byte first) throws InterruptedException {
    PooledSegment entry = segments.acquire(source, size);
    entry.segment().fill(first);
    writer.offer(entry.detach());
  }

  @Override
  public byte pop() throws InterruptedException {
    DetachedSegment taken = queue.take();
    if (taken == null) {
      throw new IllegalStateException("the queue has ended");
    }
    try (PooledSegment entry = taken.attach()) {
      return entry.segment().get(ValueLayout.JAVA_BYTE, size - 1L);
    }
  }

  @Override
  public void close() {
    writer.close();
    queue.close();
    store.close();
    pool.close();
    registry.close();
  }
}
