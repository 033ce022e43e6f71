package io.ullage.spill.codec;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Memory of one thread that grows to the largest size asked for. Whoever closes it may be another
 * thread, after the first has ended its work.
 */
final class Scratch implements AutoCloseable {
  private static final long ALIGNMENT_BYTES = 64;

  private final CompressingStore store;
  private Arena arena = Arena.ofShared();
  private MemorySegment memory = MemorySegment.NULL;

  Scratch(CompressingStore store) {
    this.store = store;
  }

  MemorySegment atLeast(long bytes) {
    if (memory.byteSize() < bytes) {
      close();
      arena = Arena.ofShared();
      memory = arena.allocate(Math.max(bytes, 1), ALIGNMENT_BYTES);
      store.scratchGrew(memory.byteSize());
    }
    return memory;
  }

  @Override
  public void close() {
    if (arena.scope().isAlive()) {
      store.scratchGrew(-memory.byteSize());
      memory = MemorySegment.NULL;
      arena.close();
    }
  }
}
