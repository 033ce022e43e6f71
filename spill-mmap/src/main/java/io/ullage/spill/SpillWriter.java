package io.ullage.spill;

import io.ullage.alloc.DetachedSegment;
import io.ullage.spill.internal.queue.QueueEngine;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One writer's end of a queue. Thread-safe; a queue may have several, and ends cleanly when the
 * last one is closed.
 *
 * <p>Entries come out in the order in which offers returned; of offers that overlap, in either
 * order. An offer costs well under a microsecond and never touches a disk. When the queue's
 * component has no room, an offer waits for the spilling thread or the reader to make some, up to
 * its timeout.
 */
public final class SpillWriter implements AutoCloseable {
  private final QueueEngine engine;
  private final long timeoutNanos;
  private final AtomicBoolean closed = new AtomicBoolean();

  SpillWriter(QueueEngine engine, Duration timeout) {
    this.engine = engine;
    this.timeoutNanos = timeout.toNanos();
    engine.writers().openWriter();
  }

  /**
   * Hands an entry over: no byte is copied, its charge moves to the queue's component. Waits as
   * long as the queue was built to.
   *
   * @param segment the entry
   * @throws io.ullage.core.MemoryLimitException when there was no room until the timeout; the
   *     segment stays the caller's
   * @throws QueuePoisonedException when the queue has failed
   * @throws StoreUnavailableException when the store takes nothing and {@link WhenFull} says so;
   *     the segment stays the caller's
   * @throws IllegalStateException when the segment was used before, or the writer or the queue is
   *     closed; if the queue was closed by another thread during this call, the segment is
   *     discarded
   * @throws InterruptedException when interrupted while waiting; the segment stays the caller's
   */
  public void offer(DetachedSegment segment) throws InterruptedException {
    checkOpen();
    engine.writers().offer(Objects.requireNonNull(segment, "segment"), timeoutNanos);
  }

  /**
   * Hands an entry over, waiting for room at most this long; zero or less does not wait. Otherwise
   * as {@link #offer(DetachedSegment)}.
   *
   * @param timeout how long to wait at most
   * @param segment the entry
   * @throws io.ullage.core.MemoryLimitException when there was no room until the timeout; the
   *     segment stays the caller's
   * @throws InterruptedException when interrupted while waiting; the segment stays the caller's
   */
  public void offer(DetachedSegment segment, Duration timeout) throws InterruptedException {
    checkOpen();
    engine.writers().offer(Objects.requireNonNull(segment, "segment"), timeout.toNanos());
  }

  /**
   * Copies an entry in. Costs the copy; otherwise as {@link #offer(DetachedSegment)}.
   *
   * @param bytes how many bytes
   * @throws io.ullage.core.MemoryLimitException when there was no room until the timeout
   * @throws InterruptedException when interrupted while waiting
   */
  public void offer(MemorySegment bytes) throws InterruptedException {
    checkOpen();
    engine.writers().offerCopy(Objects.requireNonNull(bytes, "bytes"), timeoutNanos);
  }

  /**
   * Hands over several entries, in order. When one is refused, those before it are in the queue and
   * it and those behind it stay the caller's.
   *
   * @param segments the entries
   * @throws io.ullage.core.MemoryLimitException when there was no room until the timeout
   * @throws InterruptedException when interrupted while waiting
   */
  public void offerAll(List<DetachedSegment> segments) throws InterruptedException {
    for (DetachedSegment segment : segments) {
      offer(segment);
    }
  }

  /**
   * Ends the queue with a failure: the reader gets what was offered before, then a {@link
   * QueuePoisonedException}.
   *
   * @param cause what failed
   */
  public void fail(Throwable cause) {
    engine.poison("a writer failed", Objects.requireNonNull(cause, "cause"));
    close();
  }

  /** Ends this writer; closing the last one ends the queue. Idempotent. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      engine.writers().closeWriter();
    }
  }

  private void checkOpen() {
    if (closed.get()) {
      throw new IllegalStateException("the writer is closed");
    }
  }
}
