package io.ullage.tool.spill;

import io.ullage.alloc.ChunkPool;
import io.ullage.alloc.DetachedSegment;
import io.ullage.alloc.PooledSegment;
import io.ullage.alloc.SegmentPool;
import io.ullage.core.Component;
import io.ullage.core.ComponentRegistry;
import io.ullage.core.MemoryLimitException;
import io.ullage.spill.MappedFileStore;
import io.ullage.spill.PrefetchPolicy;
import io.ullage.spill.SpillQueue;
import io.ullage.spill.SpillQueueStatistics;
import io.ullage.spill.StoreUnavailableException;
import io.ullage.spill.ThresholdPolicy;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Pushes, drains and verifies, on the caller's thread. */
final class StressRun implements AutoCloseable {
  /**
   * How long a push that the queue blocks waits before the drain begins, and how long between its
   * parts.
   */
  private static final Duration FIRST_PATIENCE = Duration.ofMillis(200);

  private static final Duration PATIENCE = Duration.ofMillis(1);

  /**
   * After so long without an entry something is broken: a disk that hangs this long fails every
   * promise.
   */
  private static final Duration STALL = Duration.ofSeconds(60);

  private static final int EIGHTHS = 8;

  private final StressPlan plan;
  private final StressFigures figures;
  private final EighthReporter reporter;
  private final ComponentRegistry registry;
  private final ChunkPool pool;
  private final MappedFileStore store;
  private final SegmentPool segments;
  private final Component source;
  private final List<StressQueue> queues = new ArrayList<>();
  private final ChunkPattern pattern;
  private @Nullable StoreUnavailableException refusal;
  private boolean blocked;

  /** Told each time another eighth was pushed or drained. */
  @FunctionalInterface
  interface EighthReporter {
    void report(String what, int eighth);
  }

  StressRun(StressPlan plan, StressFigures figures, EighthReporter reporter) throws IOException {
    this.plan = plan;
    this.figures = figures;
    this.reporter = reporter;
    this.pattern = new ChunkPattern(plan.chunkBytes());
    this.store = MappedFileStore.builder(plan.directory()).build();
    this.registry = ComponentRegistry.builder().limitBytes(plan.limitBytes()).build();
    this.pool = ChunkPool.open(registry);
    this.segments = SegmentPool.over(pool);
    this.source = registry.component("source");
    Component all = registry.component("queues");
    all.setLimitBytes(plan.limitBytes() - 2L * slotBytes());
    for (int i = 0; i < plan.queues(); i++) {
      queues.add(new StressQueue(open(registry.component("queues.q" + i)), i));
    }
  }

  private SpillQueue open(Component component) throws IOException {
    long threshold = plan.thresholdBytes() / plan.queues();
    long headReserve = plan.headReserveBytes() / plan.queues();
    return SpillQueue.builder(segments, component.token())
        .store(store)
        .spillPolicy(new ThresholdPolicy(threshold, headReserve))
        .prefetchPolicy(PrefetchPolicy.budget(Math.max(headReserve, plan.chunkBytes())))
        .whenFull(plan.onFull().behaviour())
        .build();
  }

  /** An entry with what the pool adds to it: a quarter at most. */
  private long slotBytes() {
    return plan.chunkBytes() + plan.chunkBytes() / 4L;
  }

  /**
   * Runs the plan.
   *
   * @return the refusal that ended the pushing early, if one did
   */
  @Nullable StoreUnavailableException run() throws InterruptedException {
    long start = System.nanoTime();
    try {
      for (long chunk = 0; chunk < plan.chunks() && push(chunk); chunk++) {
        if (plan.drainEvery() > 0 && (chunk + 1) % plan.drainEvery() == 0) {
          timedDrain(Long.MAX_VALUE);
        }
      }
      figures.pushNanos = System.nanoTime() - start - figures.drainNanos;
      queues.forEach(queue -> queue.writer().close());
      timedDrain(Long.MAX_VALUE);
    } finally {
      figures.elapsedNanos = System.nanoTime() - start;
      count();
    }
    return refusal;
  }

  private void reportEighth(String what, long bytesBefore, long bytesAfter) {
    long before = bytesBefore * EIGHTHS / plan.totalBytes();
    long after = bytesAfter * EIGHTHS / plan.totalBytes();
    if (after > before) {
      reporter.report(what, (int) after);
    }
  }

  private boolean push(long chunk) throws InterruptedException {
    int bytes = plan.bytesOf(chunk);
    StressQueue queue = queues.get((int) (chunk % queues.size()));
    PooledSegment filled = segments.acquire(source.token(), Math.max(bytes, Long.BYTES), STALL);
    pattern.fill(filled.segment(), chunk);
    DetachedSegment entry = filled.detach();
    long size = entry.byteSize();
    while (true) {
      long start = System.nanoTime();
      try {
        queue.writer().offer(entry, patience());
        figures.offers.record(System.nanoTime() - start);
        figures.pushedBytes += size;
        reportEighth("pushed", figures.pushedBytes - size, figures.pushedBytes);
        return true;
      } catch (StoreUnavailableException full) {
        if (plan.onFull() != OnFull.BLOCK) {
          refusal = full;
          entry.discard();
          return false;
        }
        makeRoom();
      } catch (MemoryLimitException full) {
        if (plan.onFull() != OnFull.BLOCK) {
          entry.discard();
          throw full;
        }
        makeRoom();
      }
    }
  }

  private Duration patience() {
    if (plan.onFull() != OnFull.BLOCK) {
      return STALL;
    }
    return blocked ? PATIENCE : FIRST_PATIENCE;
  }

  /** A push is blocked: begins to drain. */
  private void makeRoom() throws InterruptedException {
    blocked = true;
    timedDrain(queues.size());
  }

  private void timedDrain(long entries) throws InterruptedException {
    long start = System.nanoTime();
    try {
      drain(entries);
    } finally {
      figures.drainNanos += System.nanoTime() - start;
    }
  }

  private void drain(long entries) throws InterruptedException {
    long left = entries;
    boolean any = true;
    while (any && left > 0) {
      any = false;
      for (StressQueue queue : queues) {
        if (left > 0 && drainOne(queue)) {
          any = true;
          left--;
        }
      }
    }
  }

  /** Takes one entry, waiting for it if need be; returns false when the queue is empty. */
  private boolean drainOne(StressQueue queue) throws InterruptedException {
    long start = System.nanoTime();
    DetachedSegment taken = queue.queue().poll();
    figures.polls.record(System.nanoTime() - start);
    if (taken == null) {
      if (queue.queue().statistics().entries() == 0) {
        return false;
      }
      taken = queue.queue().poll(STALL);
    }
    if (taken == null) {
      throw new IllegalStateException("no entry for " + STALL + ": " + queue.queue().statistics());
    }
    try (PooledSegment entry = taken.attach()) {
      verify(queue, entry);
      long before = figures.drainedBytes;
      figures.drainedBytes += entry.byteSize();
      reportEighth("drained", before, figures.drainedBytes);
    }
    return true;
  }

  private void verify(StressQueue queue, PooledSegment entry) {
    long number = ChunkPattern.numberOf(entry.segment());
    boolean inOrder =
        plan.onFull() == OnFull.DROP
            ? number >= queue.nextNumber()
                && number % queues.size() == queue.nextNumber() % queues.size()
            : number == queue.nextNumber();
    if (!inOrder) {
      throw new IllegalStateException("entry " + queue.nextNumber() + " came back as " + number);
    }
    if (!pattern.matches(entry.segment(), number)) {
      throw new IllegalStateException("entry " + number + " came back changed");
    }
    queue.next(number + queues.size());
  }

  private void count() {
    figures.peakReservedBytes = registry.root().peakReservedBytes();
    for (StressQueue queue : queues) {
      SpillQueueStatistics statistics = queue.queue().statistics();
      figures.droppedBytes += statistics.droppedBytes();
      figures.spilledBytes += statistics.spilledBytesTotal();
      figures.residentBytes +=
          statistics.residentBytes() + statistics.spillingBytes() + statistics.spilledBytes();
    }
  }

  @Override
  public void close() {
    queues.forEach(StressQueue::close);
    store.close();
    pool.close();
    registry.close();
  }
}
