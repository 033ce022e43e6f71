package io.ullage.core.internal;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Measures the nested scopes of one thread. What a scope consumed in all is charged to the scope
 * around it as an inner share, so that each can tell what it consumed itself.
 */
final class ScopeMeter {
  private final Deque<Frame> frames = new ArrayDeque<>();

  /** A scope begins. */
  void enter(ThreadMeter meter, ScopeWork work) {
    boolean outermost = frames.stream().noneMatch(frame -> frame.work == work);
    frames.push(new Frame(work, outermost, meter.cpuNanos(), meter.heapBytes()));
  }

  /** The innermost scope ends. */
  void leave(ThreadMeter meter) {
    Frame frame = frames.pop();
    long cpu = meter.cpuNanos() - frame.beginCpuNanos;
    long heap = meter.heapBytes() - frame.beginHeapBytes;
    frame.work.addExclusive(cpu - frame.innerCpuNanos, heap - frame.innerHeapBytes);
    if (frame.outermost) {
      frame.work.addInclusive(cpu, heap);
    }
    @Nullable Frame around = frames.peek();
    if (around != null) {
      around.innerCpuNanos += cpu;
      around.innerHeapBytes += heap;
    }
  }

  private static final class Frame {
    private final ScopeWork work;
    private final boolean outermost;
    private final long beginCpuNanos;
    private final long beginHeapBytes;
    private long innerCpuNanos;
    private long innerHeapBytes;

    Frame(ScopeWork work, boolean outermost, long beginCpuNanos, long beginHeapBytes) {
      this.work = work;
      this.outermost = outermost;
      this.beginCpuNanos = beginCpuNanos;
      this.beginHeapBytes = beginHeapBytes;
    }
  }
}
