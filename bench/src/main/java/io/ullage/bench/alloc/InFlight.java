package io.ullage.bench.alloc;

import io.ullage.bench.peer.PeerAllocator;

/** The buffers in flight, and which of them goes when another comes. */
abstract class InFlight implements AutoCloseable {
  private final PeerAllocator<Object> allocator;
  private final long byteSize;
  private final boolean zeroed;

  InFlight(PeerAllocator<Object> allocator, long byteSize, boolean zeroed) {
    this.allocator = allocator;
    this.byteSize = byteSize;
    this.zeroed = zeroed;
  }

  static InFlight of(
      PeerAllocator<Object> allocator, String pattern, int count, long byteSize, boolean zeroed) {
    return pattern.equals("foreign-close")
        ? new ForeignClose(allocator, count, byteSize, zeroed)
        : new OwnClose(allocator, pattern, count, byteSize, zeroed);
  }

  /** Acquires one buffer, touches both its ends, and lets another go. */
  abstract void exchange();

  /** Releases what is in flight; the allocator stays open. */
  @Override
  public abstract void close();

  final PeerAllocator<Object> allocator() {
    return allocator;
  }

  final Object acquireAndTouch() {
    Object buffer = zeroed ? allocator.acquireZeroed(byteSize) : allocator.acquire(byteSize);
    allocator.set(buffer, 0, byteSize);
    allocator.set(buffer, byteSize - Long.BYTES, byteSize);
    return buffer;
  }
}
