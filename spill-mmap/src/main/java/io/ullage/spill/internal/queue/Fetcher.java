package io.ullage.spill.internal.queue;

import io.ullage.alloc.DetachedSegment;
import io.ullage.alloc.PooledSegment;
import io.ullage.core.ExternalCharge;
import io.ullage.core.internal.FlightRecording;
import io.ullage.spill.SpillDamageException;
import io.ullage.spill.SpillSession;
import io.ullage.spill.SpilledRun;
import io.ullage.spill.WhenDamaged;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The fetching thread: brings runs back ahead of the reader, as far as policy and memory allow. */
final class Fetcher implements Runnable {
  /** 20 ms: how often it looks whether memory has become free while nobody waits for an entry. */
  private static final long IDLE_LOOK_NANOS = 20_000_000;

  private final QueueEngine engine;
  private final SpillSession session;
  private final ExternalCharge mapped;
  private final Backoff backoff = new Backoff();
  private final List<SpilledRun> releases = new ArrayList<>();
  private @Nullable Run run;
  private long wantedBytes;
  private boolean demanded;

  Fetcher(QueueEngine engine, SpillSession session) {
    this.engine = engine;
    this.session = session;
    this.mapped = engine.settings().token().component().chargeExternal(0);
  }

  @Override
  public void run() {
    try {
      while (awaitWork()) {
        release();
        Run current = run;
        if (current != null) {
          fetch(current);
        }
      }
    } catch (Throwable e) {
      end("the fetching thread failed", e);
    } finally {
      mapped.close();
      engine.threadEnded();
    }
  }

  private void release() {
    if (releases.isEmpty()) {
      return;
    }
    releases.forEach(session::release);
    releases.clear();
    engine.lock();
    try {
      engine.diskFreed();
    } finally {
      engine.unlock();
    }
  }

  private boolean awaitWork() {
    engine.lock();
    try {
      while (!engine.isClosed()) {
        if (engine.landing().missingBytes() > 0) {
          engine.unlock();
          refillLanding();
          engine.lock();
        }
        if (findWork()) {
          return true;
        }
        engine.setFetcherIdle(true);
        backoff.await(engine.fetchWork(), napNanos());
        engine.setFetcherIdle(false);
      }
      return false;
    } finally {
      engine.unlock();
    }
  }

  private long napNanos() {
    if (engine.landing().missingBytes() > 0) {
      return MemoryGate.LOOK_NANOS;
    }
    return wantedBytes > 0 ? IDLE_LOOK_NANOS : Long.MAX_VALUE;
  }

  private boolean findWork() {
    run = null;
    engine.fetching(null);
    wantedBytes = 0;
    demanded = false;
    releases.addAll(engine.cancelledRuns());
    engine.cancelledRuns().clear();
    Node first = engine.book().firstRun();
    if (first != null && backoff.isOver()) {
      wantedBytes = engine.gate().hasWaiters() ? 0 : engine.policies().wantedBytes();
      demanded = engine.readers().hasDemand();
      if (demanded || (wantedBytes > 0 && hasRoomAhead())) {
        run = first.run();
        engine.fetching(run);
      }
    }
    return run != null || !releases.isEmpty();
  }

  /**
   * Whether fetching ahead leaves writers enough room for their largest entry twice, or a sixteenth
   * of the limit.
   */
  private boolean hasRoomAhead() {
    return engine.gate().headroom().bytes() > 2 * reserveForWriters();
  }

  private long reserveForWriters() {
    long limit = engine.gate().headroom().limitBytes();
    return limit == Long.MAX_VALUE ? 0 : Math.max(limit / 16, 2 * engine.book().largestBytes());
  }

  private void fetch(Run current) {
    EntryTarget target =
        new EntryTarget(engine, wantedBytes, demanded, reserveForWriters(), mapped);
    IOException failure = null;
    FetchEvent event = FlightRecording.isPossible() ? FetchEvent.begun() : null;
    try {
      if (current.skippedEntries > 0) {
        session.discardFirst(current.handle, current.skippedEntries);
        current.skippedEntries = 0;
      }
      session.fetch(current.handle, target);
    } catch (IOException e) {
      failure = e;
    } finally {
      target.abandon();
      if (event != null) {
        event.record(
            engine.settings().name(), target.entries().size(), target.fetchedBytes(), demanded);
      }
      insert(target.entries());
    }
    if (failure instanceof SpillDamageException damage) {
      damaged(current, damage);
    } else if (failure != null) {
      failed(failure);
    } else {
      backoff.succeeded();
      if (target.entries().isEmpty()) {
        awaitMemory(target.refusedBytes());
      }
    }
  }

  /** Ends the queue at a damaged entry, or loses the entry and goes on, as the queue was told. */
  private void damaged(Run current, SpillDamageException damage) {
    boolean skips = engine.settings().whenDamaged() == WhenDamaged.SKIP;
    if (FlightRecording.isPossible()) {
      DamageEvent.record(engine.settings().name(), damage, skips);
    }
    if (!skips) {
      end("a spilled entry is damaged", damage);
      return;
    }
    long lostBytes = session.discardFirst(current.handle, 1);
    boolean becameReadable;
    engine.lock();
    try {
      becameReadable = isHeadRun();
      engine.book().dropDamaged(lostBytes);
      becameReadable &= engine.book().head() != null && !isHeadRun();
      backoff.succeeded();
      engine.health().read(null);
      engine.diskFreed();
      engine.readers().wake();
    } finally {
      engine.unlock();
    }
    if (becameReadable) {
      engine.settings().onReadable().run();
    }
  }

  private boolean isHeadRun() {
    Node head = engine.book().head();
    return head != null && head.isRun();
  }

  private void insert(List<DetachedSegment> entries) {
    if (entries.isEmpty()) {
      return;
    }
    boolean becameReadable;
    engine.lock();
    try {
      becameReadable = isHeadRun();
      engine.book().insertFetched(entries, becameReadable && demanded);
      engine.readers().demandServed();
      engine.health().read(null);
      engine.diskFreed();
      engine.readers().wake();
    } finally {
      engine.unlock();
    }
    refillLanding();
    if (becameReadable) {
      engine.settings().onReadable().run();
    }
  }

  /** Sets memory aside anew if it was used, or gives it up if nothing is spilled any more. */
  private void refillLanding() {
    DetachedSegment givenUp = null;
    long missing;
    engine.lock();
    try {
      if (engine.book().firstRun() == null) {
        givenUp = engine.landing().giveUp();
      }
      missing = engine.landing().missingBytes();
    } finally {
      engine.unlock();
    }
    if (givenUp != null) {
      givenUp.discard();
    }
    if (missing > 0) {
      QueueSettings settings = engine.settings();
      PooledSegment acquired =
          engine.gate().tryTake(missing, () -> settings.pool().acquire(settings.token(), missing));
      if (acquired != null) {
        putBack(acquired.detach());
      }
    }
  }

  private void putBack(DetachedSegment landing) {
    boolean wanted;
    engine.lock();
    try {
      wanted = engine.landing().missingBytes() > 0;
      if (wanted) {
        engine.landing().hold(landing);
      }
    } finally {
      engine.unlock();
    }
    if (!wanted) {
      landing.discard();
    }
  }

  private void awaitMemory(long bytes) {
    engine.lock();
    try {
      if (!engine.isClosed() && engine.readers().hasDemand()) {
        engine.gate().awaitForReader(bytes);
      } else {
        backoff.await(engine.fetchWork(), IDLE_LOOK_NANOS);
      }
    } catch (InterruptedException e) {
      // Nobody interrupts this thread.
    } finally {
      engine.unlock();
    }
  }

  private void failed(IOException e) {
    engine.lock();
    try {
      backoff.failed();
      engine.health().read(e);
      engine.readers().wake();
    } finally {
      engine.unlock();
    }
  }

  private void end(String who, Throwable cause) {
    engine.lock();
    try {
      engine.fetchingEnded();
      engine.poisonLocked(who, cause);
    } finally {
      engine.unlock();
    }
  }
}
