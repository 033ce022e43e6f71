package io.ullage.spill.internal.queue;

import io.ullage.alloc.DetachedSegment;
import io.ullage.alloc.PooledSegment;
import io.ullage.core.ExternalCharge;
import io.ullage.spill.FetchTarget;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Pooled memory of the queue's component for entries that come back. Confined to the fetching
 * thread.
 *
 * <p>The first entry that a reader waits for may take the last memory there is. All others leave a
 * reserve for writers, which would otherwise wait for a reader that may be waiting for them.
 */
final class EntryTarget implements FetchTarget {
  /**
   * 1 MiB: so much a reader's wait brings back at once, and after so much what was fetched is shown
   * to the reader.
   */
  private static final long STEP_BYTES = 1 << 20;

  private final QueueEngine engine;
  private final QueueSettings settings;
  private final MemoryGate gate;
  private final long wantedBytes;
  private final boolean demanded;
  private final long reserveBytes;
  private final ExternalCharge mapped;
  private final List<DetachedSegment> entries = new ArrayList<>();
  private long fetchedBytes;
  private long refusedBytes;
  private @Nullable PooledSegment open;

  EntryTarget(
      QueueEngine engine,
      long wantedBytes,
      boolean demanded,
      long reserveBytes,
      ExternalCharge mapped) {
    this.mapped = mapped;
    this.engine = engine;
    this.settings = engine.settings();
    this.gate = engine.gate();
    this.wantedBytes = Math.min(wantedBytes, STEP_BYTES);
    this.demanded = demanded;
    this.reserveBytes = reserveBytes;
  }

  @Override
  public @Nullable MemorySegment next(long byteSize) {
    boolean unconditional = demanded && entries.isEmpty();
    if (!unconditional
        && (fetchedBytes >= wantedBytes || !gate.headroom().fits(byteSize + reserveBytes))) {
      return null;
    }
    PooledSegment acquired =
        gate.tryTake(byteSize, () -> settings.pool().acquire(settings.token(), byteSize));
    if (acquired == null && unconditional) {
      acquired = land(byteSize);
    }
    if (acquired == null) {
      refusedBytes = byteSize;
      return null;
    }
    open = acquired;
    return acquired.segment();
  }

  private @Nullable PooledSegment land(long byteSize) {
    DetachedSegment landing;
    engine.lock();
    try {
      landing = engine.landing().take(byteSize);
    } finally {
      engine.unlock();
    }
    return landing == null ? null : Landing.open(landing, byteSize);
  }

  @Override
  public void commit() {
    PooledSegment filled = open;
    if (filled == null) {
      throw new IllegalStateException("nothing to commit");
    }
    open = null;
    fetchedBytes += filled.byteSize();
    entries.add(filled.detach());
  }

  @Override
  public boolean chargeMapped(long byteSize) {
    long more = byteSize - mapped.bytes();
    if (more > 0 && !gate.headroom().fits(more + reserveBytes)) {
      return false;
    }
    Boolean charged =
        gate.tryTake(
            more,
            () -> {
              mapped.adjust(byteSize);
              return true;
            });
    return charged != null;
  }

  long fetchedBytes() {
    return fetchedBytes;
  }

  /** Gives back memory that was not committed, and the charge for mapped pages. */
  void abandon() {
    mapped.adjust(0);
    PooledSegment unfilled = open;
    if (unfilled != null) {
      open = null;
      unfilled.close();
    }
  }

  List<DetachedSegment> entries() {
    return entries;
  }

  long refusedBytes() {
    return refusedBytes;
  }
}
