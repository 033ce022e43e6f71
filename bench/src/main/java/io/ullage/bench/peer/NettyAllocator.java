package io.ullage.bench.peer;

import io.netty.buffer.AdaptiveByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.ullage.alloc.ChunkPool;
import io.ullage.core.ComponentRegistry;
import io.ullage.core.ComponentToken;
import io.ullage.netty.UllageByteBufAllocator;

/**
 * Allocators with Netty's interface: its own, with caches for the benchmark's threads, and ours.
 */
public final class NettyAllocator implements PeerAllocator<ByteBuf> {
  private final ByteBufAllocator allocator;
  private final Runnable closing;

  private NettyAllocator(ByteBufAllocator allocator, Runnable closing) {
    this.allocator = allocator;
    this.closing = closing;
  }

  /** Netty frees its chunks when the allocator becomes unreachable. */
  private NettyAllocator(ByteBufAllocator allocator) {
    this(allocator, () -> {});
  }

  /** Ours behind Netty's interface, charged to a component two levels below a limited root. */
  public static NettyAllocator onUllage(long limitBytes) {
    ComponentRegistry registry = ComponentRegistry.builder().limitBytes(limitBytes).build();
    ChunkPool chunks = ChunkPool.open(registry);
    ComponentToken token = registry.component("benchmark.buffers").token();
    return new NettyAllocator(
        UllageByteBufAllocator.of(chunks, token),
        () -> {
          chunks.close();
          registry.close();
        });
  }

  /** The pooled allocator with its default arenas and cache sizes. */
  public static NettyAllocator pooled() {
    return new NettyAllocator(
        new PooledByteBufAllocator(
            true,
            PooledByteBufAllocator.defaultNumHeapArena(),
            PooledByteBufAllocator.defaultNumDirectArena(),
            PooledByteBufAllocator.defaultPageSize(),
            PooledByteBufAllocator.defaultMaxOrder(),
            PooledByteBufAllocator.defaultSmallCacheSize(),
            PooledByteBufAllocator.defaultNormalCacheSize(),
            true));
  }

  /** The adaptive allocator, Netty 4.2's default. */
  public static NettyAllocator adaptive() {
    return new NettyAllocator(new AdaptiveByteBufAllocator(true, true));
  }

  @Override
  public ByteBuf acquire(long byteSize) {
    return allocator.directBuffer((int) byteSize, (int) byteSize);
  }

  @Override
  public void set(ByteBuf buffer, long offset, long value) {
    buffer.setLongLE((int) offset, value);
  }

  @Override
  public void zero(ByteBuf buffer, long byteSize) {
    buffer.setZero(0, (int) byteSize);
  }

  @Override
  public void release(ByteBuf buffer) {
    buffer.release();
  }

  @Override
  public boolean allowsForeignRelease() {
    return true;
  }

  @Override
  public void close() {
    closing.run();
  }
}
