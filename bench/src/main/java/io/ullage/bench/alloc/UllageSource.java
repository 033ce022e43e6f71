package io.ullage.bench.alloc;

import io.ullage.alloc.ChunkPool;
import io.ullage.alloc.DetachedSegment;
import io.ullage.alloc.PooledSegment;
import io.ullage.alloc.SegmentPool;
import io.ullage.core.ComponentRegistry;
import io.ullage.core.ComponentToken;
import java.lang.foreign.MemorySegment;

/** Pooled segments, charged to a component two levels below a limited root. */
final class UllageSource implements BufferSource<PooledSegment> {
  private static final long LIMIT_BYTES = 8L << 30;

  private final ComponentRegistry registry =
      ComponentRegistry.builder().limitBytes(LIMIT_BYTES).build();
  private final ChunkPool chunks = ChunkPool.open(registry);
  private final SegmentPool pool = SegmentPool.over(chunks);
  private final ComponentToken token = registry.component("bench.buffers").token();
  private final long byteSize;
  private final boolean zeroed;

  UllageSource(long byteSize, boolean zeroed) {
    this.byteSize = byteSize;
    this.zeroed = zeroed;
  }

  @Override
  public PooledSegment acquire() {
    return zeroed ? pool.acquireZeroed(token, byteSize) : pool.acquire(token, byteSize);
  }

  @Override
  public MemorySegment segment(PooledSegment handle) {
    return handle.segment();
  }

  @Override
  public void release(PooledSegment handle) {
    handle.close();
  }

  @Override
  public Object detach(PooledSegment handle) {
    return handle.detach();
  }

  @Override
  public void releaseForeign(Object detached) {
    ((DetachedSegment) detached).attach().close();
  }

  @Override
  public void close() {
    chunks.close();
    registry.close();
  }
}
