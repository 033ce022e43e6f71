package io.ullage.bench.peer;

import io.ullage.alloc.ChunkPool;
import io.ullage.alloc.DetachedSegment;
import io.ullage.alloc.PooledSegment;
import io.ullage.alloc.SegmentPool;
import io.ullage.core.ComponentRegistry;
import io.ullage.core.ComponentToken;
import java.lang.foreign.ValueLayout;

/**
 * Ours with its default options: pooled segments, charged to a component two levels below a limited
 * root, sampled for leaks.
 */
public final class UllageAllocator implements PeerAllocator<PooledSegment> {
  private static final long LIMIT_BYTES = 8L << 30;

  private final ComponentRegistry registry =
      ComponentRegistry.builder().limitBytes(LIMIT_BYTES).build();
  private final ChunkPool chunks = ChunkPool.open(registry);
  private final SegmentPool pool = SegmentPool.over(chunks);
  private final ComponentToken token = registry.component("benchmark.buffers").token();

  @Override
  public PooledSegment acquire(long byteSize) {
    return pool.acquire(token, byteSize);
  }

  @Override
  public PooledSegment acquireZeroed(long byteSize) {
    return pool.acquireZeroed(token, byteSize);
  }

  @Override
  public void set(PooledSegment buffer, long offset, long value) {
    buffer.segment().set(ValueLayout.JAVA_LONG, offset, value);
  }

  @Override
  public void zero(PooledSegment buffer, long byteSize) {
    buffer.segment().fill((byte) 0);
  }

  @Override
  public void release(PooledSegment buffer) {
    buffer.close();
  }

  @Override
  public boolean allowsForeignRelease() {
    return true;
  }

  @Override
  public Object detach(PooledSegment buffer) {
    return buffer.detach();
  }

  @Override
  public void releaseDetached(Object detached) {
    ((DetachedSegment) detached).attach().close();
  }

  @Override
  public void close() {
    chunks.close();
    registry.close();
  }
}
