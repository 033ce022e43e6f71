package io.ullage.core.internal;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** What the calling thread has consumed since it began. */
public interface ThreadMeter {
  /** Processor time in nanoseconds. */
  long cpuNanos();

  /** Java heap allocated, in bytes. */
  long heapBytes();

  /**
   * A meter that asks the JVM for those of the two that are wanted, and answers 0 for the other.
   */
  static ThreadMeter ofJvm(boolean cpu, boolean heap) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    boolean cpuKnown = cpu && threads.isCurrentThreadCpuTimeSupported();
    boolean heapKnown = heap && threads.isThreadAllocatedMemorySupported();
    return new ThreadMeter() {
      @Override
      public long cpuNanos() {
        return cpuKnown ? threads.getCurrentThreadCpuTime() : 0;
      }

      @Override
      public long heapBytes() {
        return heapKnown ? threads.getCurrentThreadAllocatedBytes() : 0;
      }
    };
  }
}
