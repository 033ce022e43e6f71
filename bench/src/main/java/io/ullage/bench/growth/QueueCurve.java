package io.ullage.bench.growth;

import io.ullage.alloc.ChunkPool;
import io.ullage.alloc.DetachedSegment;
import io.ullage.alloc.SegmentPool;
import io.ullage.bench.spill.Folders;
import io.ullage.core.ComponentRegistry;
import io.ullage.core.ComponentToken;
import io.ullage.spill.MappedFileStore;
import io.ullage.spill.PrefetchPolicy;
import io.ullage.spill.SpillQueue;
import io.ullage.spill.SpillWriter;
import io.ullage.spill.ThresholdPolicy;
import java.io.IOException;
import java.nio.file.Path;

/** An entry of 64 bytes offered and another one polled, while many lie between them. */
record QueueCurve() implements Curve {
  private static final long BYTES = 64;
  private static final long RESIDENT_BYTES = 4L << 20;

  @Override
  public String name() {
    return "queue";
  }

  @Override
  public String parameter() {
    return "entries";
  }

  @Override
  public int most(boolean full) {
    return full ? 10_000_000 : 1_000_000;
  }

  @Override
  public Point open(int count) throws IOException, InterruptedException {
    Path folder = Folders.create();
    ComponentRegistry registry = ComponentRegistry.builder().withoutCounterFile().build();
    ChunkPool chunks = ChunkPool.open(registry);
    SegmentPool pool = SegmentPool.over(chunks);
    ComponentToken source = registry.component("source").token();
    MappedFileStore store = MappedFileStore.builder(folder).build();
    SpillQueue queue =
        SpillQueue.builder(pool, registry.component("queue").token())
            .store(store)
            .spillPolicy(new ThresholdPolicy(RESIDENT_BYTES, RESIDENT_BYTES))
            .prefetchPolicy(PrefetchPolicy.budget(RESIDENT_BYTES))
            .build();
    SpillWriter writer = queue.writer();
    for (int i = 0; i < count; i++) {
      writer.offer(pool.acquire(source, BYTES).detach());
    }
    return new Point() {
      @Override
      public void repeat(int times) throws InterruptedException {
        for (int i = 0; i < times; i++) {
          writer.offer(pool.acquire(source, BYTES).detach());
          DetachedSegment next = queue.take();
          if (next == null) {
            throw new IllegalStateException("the queue has ended");
          }
          next.attach().close();
        }
      }

      @Override
      public void close() throws IOException {
        writer.close();
        queue.close();
        store.close();
        chunks.close();
        registry.close();
        Folders.delete(folder);
      }
    };
  }
}
