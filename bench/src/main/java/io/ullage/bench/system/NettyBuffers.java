package io.ullage.bench.system;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.lang.foreign.MemorySegment;

/** Netty's pooled direct buffers. */
final class NettyBuffers implements BlockingPipeline.Buffers<ByteBuf> {
  private final PooledByteBufAllocator allocator = PooledByteBufAllocator.DEFAULT;

  @Override
  public ByteBuf acquire(int bytes) {
    return allocator.directBuffer(bytes, bytes);
  }

  @Override
  public MemorySegment bytes(ByteBuf buffer, int bytes) {
    return MemorySegment.ofBuffer(buffer.nioBuffer(0, bytes));
  }

  @Override
  public void release(ByteBuf buffer) {
    buffer.release();
  }

  @Override
  public void close() {}
}
