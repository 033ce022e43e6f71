package io.ullage.bench.system;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Bare segments of one shared arena, used again and again: nobody counts them. */
final class SliceBuffers implements BlockingPipeline.Buffers<MemorySegment> {
  private final Arena arena = Arena.ofShared();
  private final ConcurrentLinkedQueue<MemorySegment> free = new ConcurrentLinkedQueue<>();

  @Override
  public MemorySegment acquire(int bytes) {
    MemorySegment reused = free.poll();
    return reused == null ? arena.allocate(bytes) : reused;
  }

  @Override
  public MemorySegment bytes(MemorySegment buffer, int bytes) {
    return buffer;
  }

  @Override
  public void release(MemorySegment buffer) {
    free.add(buffer);
  }

  @Override
  public void close() {
    arena.close();
  }
}
