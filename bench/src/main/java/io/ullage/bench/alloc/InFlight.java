package io.ullage.bench.alloc;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** The buffers in flight, and which of them goes when another comes. */
abstract class InFlight implements AutoCloseable {
  static InFlight of(BufferSource<?> source, String pattern, int count) {
    return pattern.equals("foreign-close")
        ? new Foreign<>(source, count)
        : new Own<>(source, pattern, count);
  }

  /** Acquires one buffer, touches it, and lets another go. */
  abstract void exchange();

  @Override
  public abstract void close();

  /** Everything happens on one thread. */
  private static final class Own<H> extends InFlight {
    private static final int RANDOM = -1;

    private final BufferSource<H> source;
    private final List<H> buffers = new ArrayList<>();
    private final int step;
    private final int mask;
    private int next;
    private int seed = 1;

    Own(BufferSource<H> source, String pattern, int count) {
      this.source = source;
      mask = count - 1;
      step =
          switch (pattern) {
            case "ring" -> 1;
            case "lifo" -> 0;
            case "random" -> RANDOM;
            default -> throw new IllegalArgumentException("pattern: " + pattern);
          };
      for (int each = 0; each < count; each++) {
        buffers.add(source.acquire());
      }
    }

    @Override
    void exchange() {
      next = step == RANDOM ? random() : (next + step) & mask;
      source.release(buffers.get(next));
      H acquired = source.acquire();
      SegmentAllocationBenchmark.touch(source.segment(acquired));
      buffers.set(next, acquired);
    }

    /** Marsaglia's xorshift: a nanosecond, and scattered enough. */
    private int random() {
      seed ^= seed << 13;
      seed ^= seed >>> 17;
      seed ^= seed << 5;
      return seed & mask;
    }

    @Override
    public void close() {
      buffers.forEach(source::release);
      source.close();
    }
  }

  /** Another thread closes; between the two is a ring with a slot for each buffer in flight. */
  private static final class Foreign<H> extends InFlight {
    private final BufferSource<H> source;
    private final AtomicReferenceArray<@Nullable Object> ring;
    private final Thread closer;
    private volatile boolean ended;
    private int next;

    Foreign(BufferSource<H> source, int count) {
      this.source = source;
      ring = new AtomicReferenceArray<>(count);
      closer = Thread.ofPlatform().daemon().name("closer").start(this::closeAll);
    }

    @Override
    void exchange() {
      H acquired = source.acquire();
      SegmentAllocationBenchmark.touch(source.segment(acquired));
      Object detached = source.detach(acquired);
      int slot = next++ & (ring.length() - 1);
      while (ring.getAcquire(slot) != null) {
        Thread.onSpinWait();
      }
      ring.setRelease(slot, detached);
    }

    private void closeAll() {
      int each = 0;
      while (true) {
        Object detached = ring.getAcquire(each);
        if (detached != null) {
          source.releaseForeign(detached);
          ring.setRelease(each, null);
          each = (each + 1) & (ring.length() - 1);
        } else if (ended) {
          return;
        } else {
          Thread.onSpinWait();
        }
      }
    }

    @Override
    public void close() {
      ended = true;
      try {
        closer.join();
      } catch (InterruptedException interrupted) {
        throw new IllegalStateException(interrupted);
      }
      source.close();
    }
  }
}
