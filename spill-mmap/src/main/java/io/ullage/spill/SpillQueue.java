package io.ullage.spill;

import io.ullage.alloc.ChunkPool;
import io.ullage.alloc.DetachedSegment;
import io.ullage.alloc.SegmentPool;
import io.ullage.core.ComponentToken;
import io.ullage.core.Registration;
import io.ullage.core.StatusSource;
import io.ullage.spill.internal.queue.QueueEngine;
import io.ullage.spill.internal.queue.QueueSettings;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A first-in-first-out queue of byte entries that stays inside its memory: the middle of it goes to
 * a {@link SpillStore} and comes back ahead of the reader.
 *
 * <p>Several writers, one reader at a time. Entries keep their boundaries, and their order is
 * strict across memory and store. All memory (entries, copies under way, entries fetched) is
 * charged to the queue's component. No operation of a caller does I/O, and none costs more as the
 * queue grows. All methods may be called from any thread, {@link #close} at any time.
 */
public final class SpillQueue implements AutoCloseable {
  private final QueueEngine engine;
  private final String name;
  private final Duration offerTimeout;
  private final Registration registration;

  SpillQueue(QueueSettings settings, long queueId) throws IOException {
    this.engine = new QueueEngine(settings, queueId);
    this.name = settings.name();
    this.offerTimeout = settings.offerTimeout();
    this.registration = settings.token().component().registry().register(new QueueStatus());
  }

  /**
   * Begins a queue over its own view of a chunk pool.
   *
   * @param pool where memory for copies and fetched entries comes from
   * @param token the component that is charged
   * @return the builder
   */
  public static SpillQueueBuilder builder(ChunkPool pool, ComponentToken token) {
    return new SpillQueueBuilder(SegmentPool.over(pool), token);
  }

  /**
   * Begins a queue.
   *
   * @param pool where memory for copies and fetched entries comes from
   * @param token the component that is charged
   * @return the builder
   */
  public static SpillQueueBuilder builder(SegmentPool pool, ComponentToken token) {
    return new SpillQueueBuilder(pool, token);
  }

  /** {@return the queue's name, which its threads carry too} */
  public String name() {
    return name;
  }

  /**
   * Opens a writer.
   *
   * @return the writer
   * @throws IllegalStateException when the queue is closed, or has ended because its last writer
   *     was closed
   */
  public SpillWriter writer() {
    return new SpillWriter(engine, offerTimeout);
  }

  /**
   * Takes the first entry if it is in memory. Where it is not, fetching it begins. Never waits.
   *
   * @return the entry, charged to the queue's component until it is moved or closed; null when
   *     there is none now
   * @throws QueuePoisonedException when the queue has failed and nothing more can be had
   * @throws StoreUnavailableException when the next entry is in the store and reading it has failed
   *     as often as the queue was built to bear; it stays where it is
   * @throws IllegalStateException when the queue is closed
   */
  public @Nullable DetachedSegment poll() {
    return engine.readers().poll();
  }

  /**
   * Takes the first entry, waiting for it.
   *
   * @param timeout how long to wait at most
   * @return the entry; null at the timeout, or when the queue has ended cleanly ({@link #isEnded}
   *     says which)
   * @throws QueuePoisonedException when the queue has failed and nothing more can be had
   * @throws StoreUnavailableException when the next entry is in the store and reading it has failed
   *     as often as the queue was built to bear; it stays where it is
   * @throws IllegalStateException when the queue is closed
   * @throws InterruptedException when interrupted while waiting
   */
  public @Nullable DetachedSegment poll(Duration timeout) throws InterruptedException {
    return engine.readers().poll(timeout.toNanos());
  }

  /**
   * Takes the first entry, waiting as long as it takes.
   *
   * @return the entry; null only when the queue has ended cleanly
   * @throws QueuePoisonedException when the queue has failed and nothing more can be had
   * @throws StoreUnavailableException when the next entry is in the store and reading it has failed
   *     as often as the queue was built to bear; it stays where it is
   * @throws IllegalStateException when the queue is closed
   * @throws InterruptedException when interrupted while waiting
   */
  public @Nullable DetachedSegment take() throws InterruptedException {
    while (true) {
      DetachedSegment taken = engine.readers().poll(Long.MAX_VALUE);
      if (taken != null || engine.readers().isEnded()) {
        return taken;
      }
    }
  }

  /**
   * Takes entries that are in memory, until the next one would exceed {@code maximumBytes}; the
   * first one is taken in any case. Never waits.
   *
   * @param maximumBytes where to stop
   * @return what was taken, in order
   */
  public List<DetachedSegment> drain(long maximumBytes) {
    List<DetachedSegment> drained = new ArrayList<>();
    engine.readers().drain(drained, maximumBytes);
    return drained;
  }

  /**
   * Takes entries as {@link #drain(long)} does, waiting for the first of them.
   *
   * @param maximumBytes where to stop
   * @param timeout how long to wait at most
   * @return what was taken, in order; nothing at the timeout, or when the queue has ended cleanly
   * @throws InterruptedException when interrupted while waiting
   */
  public List<DetachedSegment> drain(long maximumBytes, Duration timeout)
      throws InterruptedException {
    List<DetachedSegment> drained = new ArrayList<>();
    DetachedSegment first = poll(timeout);
    if (first != null) {
      drained.add(first);
      engine.readers().drain(drained, maximumBytes);
    }
    return drained;
  }

  /**
   * Asks for spilling beyond the policy: the oldest entries that may be spilled, up to {@code
   * bytes}. Returns at once.
   *
   * @param bytes how many bytes
   * @throws IllegalStateException when the queue is closed or has no store
   */
  public void spillNow(long bytes) {
    engine.spillNow(bytes);
  }

  /** {@return whether nothing is left and nothing will come} */
  public boolean isEnded() {
    return engine.readers().isEnded();
  }

  /** {@return the figures of this moment} Costs one short lock. */
  public SpillQueueStatistics statistics() {
    return engine.statistics();
  }

  /**
   * Ends the queue: what is left is dropped, its memory and disk space are given back, its threads
   * end. Waits for them as long as the queue was built to; when a disk hangs longer, they end by
   * themselves. Idempotent.
   */
  @Override
  public void close() {
    registration.close();
    engine.close();
  }

  private final class QueueStatus implements StatusSource {
    @Override
    public String kind() {
      return "queue";
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public Map<String, Object> status() {
      return statistics().asMap();
    }
  }
}
