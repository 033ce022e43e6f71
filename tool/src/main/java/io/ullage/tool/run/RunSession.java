package io.ullage.tool.run;

import io.ullage.alloc.ChunkPool;
import io.ullage.alloc.SegmentPool;
import io.ullage.core.Component;
import io.ullage.core.ComponentRegistry;
import io.ullage.core.ComponentToken;
import io.ullage.core.bounds.VerifiedBounds;
import io.ullage.core.limiter.MemoryLimiter;
import io.ullage.lease.LeaseManager;
import io.ullage.observe.StatusServer;
import io.ullage.spill.MappedFileStore;
import io.ullage.spill.PrefetchPolicy;
import io.ullage.spill.SpillQueue;
import io.ullage.spill.SpillQueueStatistics;
import io.ullage.spill.SpillStore;
import io.ullage.spill.ThresholdPolicy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * All that a run holds while it works: accounting, memory, the queue and its files, the status
 * port. Opened under the lease; {@link #close} gives everything back, whatever was reached.
 */
final class RunSession implements AutoCloseable {
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private final RunLedger ledger;
  private final ComponentRegistry registry;
  private final ChunkPool chunks;
  private final SegmentPool segments;
  private final SpillQueue queue;
  private final MemoryLimiter limiter;
  private final Optional<StatusServer> statusServer;
  private boolean closed;

  RunSession(
      RunPlan plan,
      VerifiedBounds bounds,
      Path spillDirectory,
      LeaseManager leases,
      RunLedger ledger)
      throws IOException {
    this.ledger = ledger;
    try {
      registry =
          keep(ComponentRegistry.builder().limitBytes(plan.grant().effectiveLimitBytes()).build());
      keep(leases.publishTo(registry));
      limiter =
          keep(MemoryLimiter.builder(registry).bounds(keep(bounds.enforce(registry))).start());
      statusServer =
          plan.statusPort().isPresent()
              ? Optional.of(keep(serveStatus(plan.statusPort().getAsInt(), bounds)))
              : Optional.empty();
      chunks = keep(ChunkPool.open(registry));
      segments = SegmentPool.over(chunks);
      SpillStore store = keep(MappedFileStore.builder(spillDirectory).build());
      queue = keep(openQueue(plan, store));
    } catch (Throwable failure) {
      try {
        close();
      } catch (Throwable secondary) {
        failure.addSuppressed(secondary);
      }
      throw failure;
    }
  }

  private StatusServer serveStatus(int port, VerifiedBounds bounds) throws IOException {
    try {
      return StatusServer.builder(registry).port(port).bounds(bounds).start();
    } catch (IOException e) {
      throw new IOException("%s %d: %s".formatted(RunOptions.STATUS_PORT, port, e.getMessage()), e);
    }
  }

  private SpillQueue openQueue(RunPlan plan, SpillStore store) throws IOException {
    long queueBytes =
        new RunBounds(plan.chunkBytes(), plan.grant().effectiveLimitBytes()).queueBytes();
    // A half and an eighth: what is left holds what is being written and what is being read ahead.
    long threshold = plan.thresholdBytes() == null ? queueBytes / 2 : plan.thresholdBytes();
    long headReserve = plan.headReserveBytes() == null ? queueBytes / 8 : plan.headReserveBytes();
    return SpillQueue.builder(segments, token(RunBounds.QUEUE))
        .store(store)
        .spillPolicy(new ThresholdPolicy(threshold, headReserve))
        .prefetchPolicy(PrefetchPolicy.budget(Math.max(headReserve, 2L * plan.chunkBytes())))
        .build();
  }

  ComponentToken token(String component) {
    return registry.component(component).token();
  }

  SegmentPool segments() {
    return segments;
  }

  SpillQueue queue() {
    return queue;
  }

  /** Slows the source down before the limit does. */
  MemoryLimiter limiter() {
    return limiter;
  }

  /** Where the status is served, if it is. */
  Optional<StatusServer> statusServer() {
    return statusServer;
  }

  /** How the run goes now. */
  RunStatus status(long elapsedNanos, long totalBytes) {
    SpillQueueStatistics now = queue.statistics();
    return new RunStatus(
        elapsedNanos,
        totalBytes,
        ledger.bytesIn(),
        ledger.bytesOut(),
        registry.snapshot(),
        new RunStatus.QueueRegions(
            now.headBytes(),
            now.spilledBytes(),
            now.spillingBytes(),
            now.residentBytes() - now.headBytes()));
  }

  /** Whatever changes when some part of the run gets on. */
  long progress() {
    SpillQueueStatistics now = queue.statistics();
    return ledger.bytesOut()
        + now.polledBytes()
        + now.spilledBytesTotal()
        + now.fetchedBytesTotal();
  }

  /** Notes the final figures, closes everything, and notes what was not given back. */
  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    Throwable failure = null;
    while (!opened.isEmpty()) {
      AutoCloseable next = opened.pop();
      try {
        note(next);
        next.close();
      } catch (Exception e) {
        if (failure == null) {
          failure = e;
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    switch (failure) {
      case null -> {}
      case IOException io -> throw io;
      case RuntimeException runtime -> throw runtime;
      default -> throw new IllegalStateException(failure);
    }
  }

  /** What has to be looked at just before a part is closed. */
  private void note(AutoCloseable part) {
    if (part instanceof SpillQueue closing) {
      noteQueue(closing.statistics());
    } else if (part instanceof ComponentRegistry closing) {
      noteMemory(closing);
    } else if (part instanceof ChunkPool closing && closing.statistics().usedBytes() != 0) {
      ledger.violation(
          "%d bytes still used in the pool".formatted(closing.statistics().usedBytes()));
    }
  }

  private void noteQueue(SpillQueueStatistics now) {
    ledger.spilled(now.spilledBytesTotal(), now.fetchedBytesTotal());
    if (!now.isBalanced()) {
      ledger.violation("the queue does not balance: " + now);
    }
  }

  private void noteMemory(ComponentRegistry closing) {
    ledger.peakReserved(closing.root().peakReservedBytes());
    for (Component component : closing.components()) {
      if (component.ownReservedBytes() != 0) {
        ledger.violation(
            "%s still has %d bytes".formatted(component.path(), component.ownReservedBytes()));
      }
    }
  }

  private <T extends AutoCloseable> T keep(T part) {
    opened.push(part);
    return part;
  }
}
