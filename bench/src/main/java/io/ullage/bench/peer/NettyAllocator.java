package io.ullage.bench.peer;

import io.netty.buffer.AdaptiveByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;

/** Netty's allocators of direct buffers, with caches for the benchmark's threads. */
public final class NettyAllocator implements PeerAllocator<ByteBuf> {
  private final ByteBufAllocator allocator;

  private NettyAllocator(ByteBufAllocator allocator) {
    this.allocator = allocator;
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

  /** Netty frees its chunks when the allocator becomes unreachable. */
  @Override
  public void close() {}
}
