package io.ullage.spill.internal.queue;

import io.ullage.alloc.DetachedSegment;
import io.ullage.alloc.PooledSegment;
import io.ullage.core.internal.FlightRecording;
import io.ullage.spill.SpillBatch;
import io.ullage.spill.SpillPlan;
import io.ullage.spill.SpillSession;
import io.ullage.spill.SpilledRun;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The spilling thread: claims what the plan says, copies it into private memory, has the store
 * write it, publishes the run and frees the entries' memory.
 */
final class Spiller implements Runnable {
  /** So many places are passed at a time under the lock: some microseconds. */
  private static final int STEPS = 1024;

  /**
   * 100 ms: an idle queue holds no memory for copies after that, while one that spills a little now
   * and then is spared some ten acquisitions a second.
   */
  private static final long STAGING_NANOS = 100_000_000;

  private final QueueEngine engine;
  private final SpillSession session;
  private final Staging staging;
  private final Batch batch = new Batch();
  private final List<DetachedSegment> freed = new ArrayList<>();
  private final Backoff backoff = new Backoff();

  Spiller(QueueEngine engine, SpillSession session) {
    this.engine = engine;
    this.session = session;
    this.staging = new Staging(engine.settings(), engine.gate());
  }

  @Override
  public void run() {
    try {
      while (awaitBatch()) {
        spill();
      }
    } catch (Throwable e) {
      engine.poison("the spilling thread failed", e);
    } finally {
      staging.close();
      engine.threadEnded();
    }
  }

  private boolean awaitBatch() {
    engine.lock();
    try {
      while (!engine.isClosed()) {
        if (engine.takeRetry()) {
          backoff.succeeded();
        }
        if (backoff.isOver()) {
          if (!applyPlan()) {
            engine.unlock();
            engine.lock();
            continue;
          }
          makeRoom();
          if (engine.book().hasPlanned()) {
            engine.book().claim(batch, batchBytes(), SpillBatch::framedSize);
            return true;
          }
        }
        boolean idle = backoff.isOver();
        engine.setSpillerIdle(idle);
        backoff.await(engine.work(), napNanos(idle));
        engine.setSpillerIdle(false);
        lookAgain(idle);
      }
      return false;
    } finally {
      engine.unlock();
    }
  }

  private long napNanos(boolean idle) {
    long nap = idle && staging.isHeld() ? STAGING_NANOS : Long.MAX_VALUE;
    return Math.min(nap, engine.policies().lookNanos());
  }

  /**
   * Nothing was to be done for a while: gives back the memory for copies, and asks the policy, if
   * it wants to be asked.
   */
  private void lookAgain(boolean idle) {
    if (engine.policies().lookNanos() != Long.MAX_VALUE) {
      engine.plan();
    }
    if (idle && staging.isHeld() && !engine.hasSpillingWork()) {
      engine.unlock();
      try {
        staging.close();
      } finally {
        engine.lock();
      }
    }
  }

  private long batchBytes() {
    return Math.min(staging.usualBytes(), session.largestBatchBytes());
  }

  private boolean applyPlan() {
    SpillPlan plan = engine.pendingPlan();
    if (plan == null) {
      return true;
    }
    if (!engine.book().apply(plan, STEPS)) {
      return false;
    }
    engine.planApplied(plan);
    return true;
  }

  /**
   * Somebody waits for memory and the policy has nothing to spill: spill half of the tail, or what
   * is needed if that is more, leaving a quarter of what is resident for the reader; at last even
   * the last entry.
   */
  private void makeRoom() {
    QueueBook book = engine.book();
    long needed = engine.gate().neededBytes();
    if (needed == 0 || !engine.policies().mayExceedPlan() || book.hasPlanned()) {
      return;
    }
    long resident = book.residentBytes() - book.inFlightBytes();
    SpillPlan plan = new SpillPlan(resident / 4, Math.max(needed, book.tailBytes() / 2));
    while (!book.apply(plan, STEPS)) {
      Thread.onSpinWait();
    }
    if (!book.hasPlanned() && book.entries() > 1) {
      book.spillLastToo();
    }
  }

  private void spill() {
    long frameBytes = 0;
    for (int i = 0; i < batch.size(); i++) {
      frameBytes += SpillBatch.framedSize(batch.byteSize(i));
    }
    MemorySegment frame = staging.frame(frameBytes);
    SpillEvent event = FlightRecording.isPossible() ? SpillEvent.begun() : null;
    SpilledRun run = null;
    int offered = frame == null ? 1 : batch.size();
    try {
      if (frame != null) {
        if (copy(frame)) {
          run =
              session.spill(
                  SpillBatch.framed(batch.sequence(0), frame, batch.byteSizes(), offered));
        }
      } else {
        run = spillInPlace(batch.node(0));
      }
    } catch (IOException e) {
      failed(e);
      return;
    } catch (RuntimeException | Error e) {
      revertAll();
      throw e;
    }
    if (event != null) {
      event.record(engine.settings().name(), run);
    }
    publish(run, offered);
  }

  /** Copies what is still there; returns whether anything is. */
  private boolean copy(MemorySegment frame) {
    boolean any = false;
    long offset = 0;
    for (int i = 0; i < batch.size(); i++) {
      Node node = batch.node(i);
      if (node.tryBeginCopy()) {
        any = true;
        try {
          node.handle().copyTo(frame, offset + SpillBatch.GAP_BYTES);
        } finally {
          node.endCopyRelease();
        }
      }
      offset += SpillBatch.framedSize(batch.byteSize(i));
    }
    return any;
  }

  /**
   * Writes an entry from its own memory, for which a reader has to wait: only where there is no
   * memory for a copy.
   */
  private @Nullable SpilledRun spillInPlace(Node node) throws IOException {
    if (!node.tryBeginCopy()) {
      return null;
    }
    DetachedSegment handle = node.handle();
    try {
      PooledSegment entry = handle.attach();
      try {
        return session.spill(SpillBatch.single(batch.sequence(0), entry.segment()));
      } finally {
        handle = entry.detach();
      }
    } finally {
      node.endCopyRelease(handle);
    }
  }

  private void publish(@Nullable SpilledRun run, int offered) {
    engine.lock();
    try {
      QueueBook book = engine.book();
      int taken = run == null ? offered : run.takenEntries();
      if (taken < 1 || taken > offered) {
        book.revert(batch, 0);
        throw new IllegalStateException(
            "the store says that it took " + taken + " of " + offered + " entries");
      }
      if (run != null && !book.publish(batch, run, taken, freed)) {
        engine.cancelledRuns().add(run);
        engine.wakeFetcher();
      }
      book.revert(batch, taken);
      if (!freed.isEmpty()) {
        engine.landing().exchange(freed);
      }
      if (taken < offered) {
        backoff.failed();
        engine.health().wrotePart("the store took " + taken + " of " + offered + " entries");
      } else {
        backoff.succeeded();
        engine.health().wrote(null);
      }
      if (engine.readers().hasDemand()) {
        engine.wakeFetcher();
      } else {
        engine.wakeFetcherIfWorthwhile();
      }
      engine.readers().wake();
    } finally {
      engine.unlock();
    }
    free();
  }

  private void free() {
    if (freed.isEmpty()) {
      return;
    }
    freed.forEach(DetachedSegment::discard);
    freed.clear();
    engine.lock();
    try {
      engine.gate().freed();
    } finally {
      engine.unlock();
    }
  }

  private void failed(IOException e) {
    engine.lock();
    try {
      engine.book().revert(batch, 0);
      backoff.failed();
      engine.health().wrote(e);
      engine.readers().wake();
    } finally {
      engine.unlock();
    }
  }

  private void revertAll() {
    engine.lock();
    try {
      engine.book().revert(batch, 0);
      engine.readers().wake();
    } finally {
      engine.unlock();
    }
  }
}
