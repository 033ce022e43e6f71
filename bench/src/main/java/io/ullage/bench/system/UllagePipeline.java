package io.ullage.bench.system;

import io.ullage.alloc.ChunkPool;
import io.ullage.alloc.DetachedSegment;
import io.ullage.alloc.PooledSegment;
import io.ullage.alloc.SegmentPool;
import io.ullage.bench.spill.Folders;
import io.ullage.core.ComponentRegistry;
import io.ullage.core.ComponentToken;
import io.ullage.core.limiter.MemoryLimiter;
import io.ullage.lease.HeapLeaseStore;
import io.ullage.lease.Lease;
import io.ullage.lease.LeaseManager;
import io.ullage.spill.MappedFileStore;
import io.ullage.spill.PrefetchPolicy;
import io.ullage.spill.SpillQueue;
import io.ullage.spill.SpillQueueBuilder;
import io.ullage.spill.SpillWriter;
import io.ullage.spill.ThresholdPolicy;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.Duration;

/** Ours, as {@code ullage run} has it: bounded, under a limiter and a lease, spilling or not. */
final class UllagePipeline implements Pipeline {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final int chunkBytes;
  private final Path folder;
  private final ComponentRegistry registry;
  private final ChunkPool chunks;
  private final SegmentPool segments;
  private final ComponentToken source;
  private final MemoryLimiter limiter;
  private final LeaseManager leases;
  private final Lease lease;
  private final MappedFileStore store;
  private final SpillQueue queue;
  private final SpillWriter writer;

  UllagePipeline(long limitBytes, int chunkBytes, boolean spills) throws IOException {
    this.chunkBytes = chunkBytes;
    folder = Folders.create();
    registry = ComponentRegistry.builder().limitBytes(limitBytes).build();
    chunks = ChunkPool.open(registry);
    segments = SegmentPool.over(chunks);
    source = registry.component("source").token();
    limiter = MemoryLimiter.builder(registry).start();
    leases = LeaseManager.builder(new HeapLeaseStore()).build();
    lease = leases.tryAcquire("pipeline").orElseThrow();
    store = MappedFileStore.builder(folder).build();
    SpillQueueBuilder builder =
        SpillQueue.builder(segments, registry.component("queue").token()).offerTimeout(PATIENCE);
    if (spills) {
      // The shares of the limit that the run command takes by default, about.
      builder
          .store(store)
          .spillPolicy(new ThresholdPolicy(limitBytes / 4, limitBytes / 4))
          .prefetchPolicy(PrefetchPolicy.budget(limitBytes / 4));
    }
    queue = builder.build();
    writer = queue.writer();
  }

  @Override
  public Filling acquire() throws InterruptedException {
    limiter.awaitCapacity();
    PooledSegment buffer = segments.acquire(source, chunkBytes, PATIENCE);
    return new Filling() {
      @Override
      public MemorySegment bytes() {
        return buffer.segment();
      }

      @Override
      public void offer() throws InterruptedException {
        writer.offer(buffer.detach());
      }
    };
  }

  @Override
  public void end() {
    writer.close();
  }

  @Override
  public boolean next(Visitor visitor) throws InterruptedException {
    DetachedSegment next = queue.take();
    if (next == null) {
      return false;
    }
    if (!lease.isValid()) {
      throw new IllegalStateException("the lease was lost: " + lease.loss());
    }
    try (PooledSegment buffer = next.attach()) {
      visitor.visit(buffer.segment());
    }
    return true;
  }

  @Override
  public long writtenBytes() {
    return queue.statistics().spilledBytesTotal();
  }

  @Override
  public void close() throws IOException {
    queue.close();
    store.close();
    lease.close();
    leases.close();
    limiter.close();
    chunks.close();
    registry.close();
    Folders.delete(folder);
  }
}
