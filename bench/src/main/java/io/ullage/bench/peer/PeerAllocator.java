package io.ullage.bench.peer;

/**
 * An allocator of off-heap buffers, as a benchmark sees it.
 *
 * <p>A fork opens one implementation only, so that calls through this interface are inlined.
 *
 * @param <B> what the allocator calls a buffer
 */
public interface PeerAllocator<B> extends AutoCloseable {
  /** The smallest page of the systems we run on: touching a buffer stores to each of its pages. */
  long PAGE_BYTES = 4096;

  /** Allocates a buffer whose contents are not defined. */
  B acquire(long byteSize);

  /** Stores a long at an offset, with whatever checks the allocator makes by default. */
  void set(B buffer, long offset, long value);

  /** Fills a buffer of this size with zeros. */
  void zero(B buffer, long byteSize);

  /** Allocates a buffer of zeros. */
  default B acquireZeroed(long byteSize) {
    B buffer = acquire(byteSize);
    zero(buffer, byteSize);
    return buffer;
  }

  /** Gives a buffer back. */
  void release(B buffer);

  /** Whether one thread may release what another acquired. */
  boolean allowsForeignRelease();

  /** Makes what another thread is to release; only where that is allowed. */
  default Object detach(B buffer) {
    return buffer;
  }

  /** Releases, on another thread, what {@link #detach} made. */
  @SuppressWarnings("unchecked") // What detach made; whoever overrides one overrides the other.
  default void releaseDetached(Object detached) {
    release((B) detached);
  }

  /** Stores to every page of a buffer, so that it is really there. */
  default void touch(B buffer, long byteSize) {
    for (long offset = 0; offset < byteSize; offset += PAGE_BYTES) {
      set(buffer, offset, offset);
    }
  }

  @Override
  void close();
}
