package io.ullage.bench.alloc;

import io.ullage.bench.peer.PeerAllocator;

/** Everything happens on one thread. */
final class OwnClose extends InFlight {
  private static final int RANDOM = -1;

  private final Object[] buffers;
  private final int step;
  private int next;
  private int seed = 1;

  OwnClose(
      PeerAllocator<Object> allocator, String pattern, int count, long byteSize, boolean zeroed) {
    super(allocator, byteSize, zeroed);
    buffers = new Object[count];
    step =
        switch (pattern) {
          case "ring" -> 1;
          case "lifo" -> 0;
          case "random" -> RANDOM;
          default ->
              throw new IllegalArgumentException(
                  "pattern is " + pattern + "; allowed: ring, lifo, random, foreign-close");
        };
    for (int each = 0; each < count; each++) {
      buffers[each] = acquireAndTouch();
    }
  }

  @Override
  void exchange() {
    int chosen = step == RANDOM ? random() : next + step;
    next = chosen & (buffers.length - 1);
    allocator().release(buffers[next]);
    buffers[next] = acquireAndTouch();
  }

  /** Marsaglia's xorshift: a nanosecond, and scattered enough. */
  private int random() {
    seed ^= seed << 13;
    seed ^= seed >>> 17;
    seed ^= seed << 5;
    return seed;
  }

  @Override
  public void close() {
    for (Object buffer : buffers) {
      allocator().release(buffer);
    }
  }
}
