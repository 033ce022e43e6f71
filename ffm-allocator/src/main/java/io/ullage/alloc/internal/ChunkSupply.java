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

  /** After so many bytes of chunks, or a thirty-second of all, it is looked what to keep. */
  private static final long LOOK_EVERY_BYTES = SizeClasses.LARGE_CHUNK_BYTES;

  private static final int LOOK_EVERY_SHIFT = 5;

  private final MemorySource source;
  private final Releaser releaser;
  private final LongSupplier nanoClock;
  private final Runnable afterChanges;
  private final AtomicLong committedBytes = new AtomicLong();

  /** One for all sizes, so that one read tells them at one moment. */
  private final AtomicLong takenBytes = new AtomicLong();

  private final ReentrantLock lock = new ReentrantLock();

  /** The most recently emptied first: its pages are the likeliest to be in a cache. */
  private final Deque<Idle> idle = new ArrayDeque<>();

  private long idleBytes;
  private long chunkBytes;
  private long changedBytes;
  private boolean closed;

  /**
   * Makes a supply that has mapped nothing yet.
   *
   * @param afterChanges is run by the releaser when many chunks have been taken or given back
   */
  ChunkSupply(
      MemorySource source, Releaser releaser, LongSupplier nanoClock, Runnable afterChanges) {
    this.source = source;
    this.releaser = releaser;
    this.nanoClock = nanoClock;
    this.afterChanges = afterChanges;
  }

  long committedBytes() {
    return committedBytes.get();
  }

  /** Counts what a depot hands out, or takes back if it is negative. */
  void countTaken(long byteSize) {
    takenBytes.addAndGet(byteSize);
  }

  /** Bytes of slots that are in use or in a thread's cache. */
  long takenBytes() {
    return takenBytes.get();
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
          idleBytes -= byteSize;
          countChange(byteSize);
          return span;
        }
      }
    } finally {
      lock.unlock();
    }
    Span mapped = map(byteSize, SizeClasses.CHUNK_ALIGNMENT_BYTES);
    lock.lock();
    try {
      chunkBytes += byteSize;
      countChange(byteSize);
    } finally {
      lock.unlock();
    }
    return mapped;
  }

  /** Takes back the span of a chunk that is empty, to be used again or released when idle. */
  void giveFromChunk(Span span) {
    lock.lock();
    try {
      if (!closed) {
        idle.addFirst(new Idle(span.used(), nanoClock.getAsLong()));
        idleBytes += span.byteSize();
        countChange(span.byteSize());
        return;
      }
      chunkBytes -= span.byteSize();
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
        spans.add(removeOldest());
      }
    } finally {
      lock.unlock();
    }
    release(spans);
    return spans.stream().mapToLong(Span::byteSize).sum();
  }

  /**
   * Releases those that have been idle longest, until no more bytes of chunks are left than {@code
   * keepBytes}, or no more of idle ones than {@code keepIdleBytes}.
   */
  void releaseAbove(long keepBytes, long keepIdleBytes) {
    List<Span> spans = new ArrayList<>();
    lock.lock();
    try {
      while (!idle.isEmpty() && chunkBytes > keepBytes && idleBytes > keepIdleBytes) {
        spans.add(removeOldest());
      }
    } finally {
      lock.unlock();
    }
    release(spans);
  }

  /** Bytes of chunks, those that are idle included, those about to be unmapped not. */
  long chunkBytes() {
    lock.lock();
    try {
      return chunkBytes;
    } finally {
      lock.unlock();
    }
  }

  private Span removeOldest() {
    Span span = idle.removeLast().span();
    idleBytes -= span.byteSize();
    chunkBytes -= span.byteSize();
    return span;
  }

  /** Under the lock, and under whatever locks the caller has: so nothing is done here. */
  private void countChange(long byteSize) {
    changedBytes += byteSize;
    if (!closed && changedBytes >= Math.max(LOOK_EVERY_BYTES, chunkBytes >> LOOK_EVERY_SHIFT)) {
      changedBytes = 0;
      releaser.runUnlessClosed(afterChanges);
    }
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
