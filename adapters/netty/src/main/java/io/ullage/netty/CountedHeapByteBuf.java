package io.ullage.netty;

import io.netty.buffer.UnpooledHeapByteBuf;

/** A plain heap buffer of Netty whose bytes are shown in its allocator's metric. */
final class CountedHeapByteBuf extends UnpooledHeapByteBuf {
  CountedHeapByteBuf(UllageByteBufAllocator allocator, int initialCapacity, int maxCapacity) {
    super(allocator, initialCapacity, maxCapacity);
  }

  @Override
  protected byte[] allocateArray(int initialCapacity) {
    byte[] array = super.allocateArray(initialCapacity);
    count(array.length);
    return array;
  }

  @Override
  protected void freeArray(byte[] array) {
    count(-array.length);
    super.freeArray(array);
  }

  /** The superclass knows its allocator when it first asks for an array. */
  private void count(long bytes) {
    ((UllageByteBufAllocator) alloc()).countHeap(bytes);
  }
}
