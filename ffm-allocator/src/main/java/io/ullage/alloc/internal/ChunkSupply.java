package io.ullage.alloc.internal;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Maps spans, keeps empty ones for the next use, and knows what is committed.
 *
 * <p>All size classes share its empty spans, so that a changing mix of sizes does not strand
 * memory. Spans are unmapped by the {@link Releaser}'s thread; until that has happened they count
 * as committed. Thread-safe: one lock, held for a few instructions, never while mapping.
 */
final class ChunkSupply {
  private record Idle(Span span, long sinceNanos) {}

  private final MemorySource source;
  private final Releaser releaser;
  private final LongSupplier nanoClock;
  private final AtomicLong committedBytes = new AtomicLong();
  private final ReentrantLock lock = new ReentrantLock();

  /** The most recently emptied first: its pages are the likeliest to be in a cache. */
  private final Deque<Idle> idle = new ArrayDeque<>();

  private boolean closed;

  ChunkSupply(MemorySource source, Releaser releaser, LongSupplier nanoClock) {
    this.source = source;
    this.releaser = releaser;
    this.nanoClock = nanoClock;
  }

  long committedBytes() {
    return committedBytes.get();
  }

  long pageBytes() {
    return source.pageBytes();
  }

  /** An empty span of exactly this size, aligned for a chunk. */
  Span takeForChunk(int byteSize) {
    lock.lock();
    try {
      for (Iterator<Idle> each = idle.iterator(); each.hasNext(); ) {
        Span span = each.next().span();
        if (span.byteSize() == byteSize) {
          each.remove();
          return span;
        }
      }
    } finally {
      lock.unlock();
    }
    return map(byteSize, SizeClasses.CHUNK_ALIGNMENT_BYTES);
  }

  /** Takes back the span of a chunk that is empty, to be used again or released when idle. */
  void giveFromChunk(Span span) {
    lock.lock();
    try {
      if (!closed) {
        idle.addFirst(new Idle(span.used(), nanoClock.getAsLong()));
        return;
      }
    } finally {
      lock.unlock();
    }
    release(List.of(span));
  }

  /** Maps a span of its own for one large allocation. */
  Span map(long byteSize, long byteAlignment) {
    long address = source.map(byteSize, byteAlignment);
    committedBytes.addAndGet(byteSize);
    return new Span(address, byteSize, true);
  }

  /** Has spans unmapped that nobody uses any more. */
  void release(List<Span> spans) {
    if (!spans.isEmpty()) {
      releaser.run(() -> spans.forEach(this::unmap));
    }
  }

  /** Releases the spans that have been idle at least so long; returns their bytes. */
  long releaseIdle(long forNanos) {
    List<Span> spans = new ArrayList<>();
    long now = nanoClock.getAsLong();
    lock.lock();
    try {
      while (!idle.isEmpty() && now - idle.peekLast().sinceNanos() >= forNanos) {
        spans.add(idle.removeLast().span());
      }
    } finally {
      lock.unlock();
    }
    release(spans);
    return spans.stream().mapToLong(Span::byteSize).sum();
  }

  /** From now on spans that come back are released at once. */
  void close() {
    lock.lock();
    try {
      closed = true;
    } finally {
      lock.unlock();
    }
    releaseIdle(0);
  }

  private void unmap(Span span) {
    source.unmap(span.address(), span.byteSize());
    committedBytes.addAndGet(-span.byteSize());
  }
}
