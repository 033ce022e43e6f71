package io.ullage.bench.alloc;

import java.lang.foreign.MemorySegment;

/**
 * One way to get a buffer and to give it back.
 *
 * @param <H> what stands for a buffer while it is in use
 */
interface BufferSource<H> extends AutoCloseable {
  /** Acquires a buffer. */
  H acquire();

  /** Its bytes. */
  MemorySegment segment(H handle);

  /** Gives a buffer back. */
  void release(H handle);

  /** Makes it ready to be released by another thread. */
  default Object detach(H handle) {
    return handle;
  }

  /** Releases, on another thread, what {@link #detach} made. */
  @SuppressWarnings("unchecked") // what detach made, unless it is overridden together with this
  default void releaseForeign(Object detached) {
    release((H) detached);
  }

  @Override
  default void close() {}
}
