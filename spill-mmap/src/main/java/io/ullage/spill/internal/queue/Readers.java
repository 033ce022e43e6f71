package io.ullage.spill.internal.queue;

import io.ullage.alloc.DetachedSegment;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The reader's side of a queue: taking, waiting, saying what has to be fetched. Thread-safe. */
public final class Readers {
  /** 50 µs: about the copying of 512 KiB. */
  private static final long COPYING_NAP_NANOS = 50_000;

  /** So many entries are taken at a time under the lock: some ten microseconds. */
  private static final int DRAIN_STEP = 256;

  private final QueueEngine engine;
  private final ReentrantLock lock;
  private final Condition readable;
  private int waiting;
  private boolean demand;

  Readers(QueueEngine engine, ReentrantLock lock) {
    this.engine = engine;
    this.lock = lock;
    this.readable = lock.newCondition();
  }

  /** Takes the first entry if it is in memory. */
  public @Nullable DetachedSegment poll() {
    for (int attempt = 0; ; attempt++) {
      engine.lock();
      try {
        engine.checkOpen();
        DetachedSegment taken = tryTake();
        if (taken != null || attempt == QueueEngine.SPINS || !isHeadCopying()) {
          return taken;
        }
      } finally {
        engine.unlock();
      }
      Thread.onSpinWait();
    }
  }

  /** Takes the first entry, waiting for it; null at the timeout or at the clean end. */
  public @Nullable DetachedSegment poll(long timeoutNanos) throws InterruptedException {
    DetachedSegment taken = poll();
    if (taken != null || timeoutNanos <= 0) {
      return taken;
    }
    long left = timeoutNanos;
    lock.lockInterruptibly();
    try {
      waiting++;
      while (true) {
        engine.checkOpen();
        taken = tryTake();
        if (taken != null || left <= 0 || isAtCleanEnd()) {
          return taken;
        }
        // While the spilling thread copies the first entry nobody signals: the copy takes
        // microseconds.
        long nap = isHeadCopying() ? Math.min(left, COPYING_NAP_NANOS) : left;
        left -= nap - readable.awaitNanos(nap);
      }
    } finally {
      waiting--;
      engine.unlock();
    }
  }

  /**
   * Adds entries that are in memory to a list that may have some, until the next one would exceed
   * {@code maximumBytes} together with those; to an empty list at least one.
   */
  public void drain(List<DetachedSegment> drained, long maximumBytes) {
    long bytes = 0;
    for (DetachedSegment taken : drained) {
      bytes += taken.byteSize();
    }
    boolean more = true;
    while (more) {
      engine.lock();
      try {
        engine.checkOpen();
        more = false;
        for (int i = 0; i < DRAIN_STEP && fits(drained, bytes, maximumBytes); i++) {
          DetachedSegment taken = tryTake();
          if (taken == null) {
            return;
          }
          drained.add(taken);
          bytes += taken.byteSize();
          more = i == DRAIN_STEP - 1;
        }
      } finally {
        engine.unlock();
      }
    }
  }

  private boolean fits(List<DetachedSegment> drained, long bytes, long maximumBytes) {
    Node head = engine.book().head();
    return drained.isEmpty()
        || (head != null && !head.isRun() && head.byteSize <= maximumBytes - bytes);
  }

  private @Nullable DetachedSegment tryTake() {
    Node head = engine.book().head();
    if (head == null) {
      engine.poison().throwIfSet();
      return null;
    }
    if (head.isRun()) {
      if (engine.hasFetchingEnded()) {
        engine.poison().throwIfSet();
      }
      if (!demand) {
        demand = true;
        engine.book().totals().missed();
      }
      engine.wakeFetcher();
      if (engine.health().hasGivenUpReading()) {
        throw engine.health().unreadable();
      }
      return null;
    }
    DetachedSegment taken = engine.book().takeHead();
    if (taken != null) {
      engine.wakeFetcherIfWorthwhile();
    }
    return taken;
  }

  private boolean isHeadCopying() {
    Node head = engine.book().head();
    return head != null && head.stateAcquire() == Node.COPYING;
  }

  /** Whether nothing is left and nothing will come. */
  public boolean isEnded() {
    engine.lock();
    try {
      return engine.isClosed()
          || isAtCleanEnd()
          || (engine.book().head() == null && engine.poison().isSet());
    } finally {
      engine.unlock();
    }
  }

  private boolean isAtCleanEnd() {
    return engine.book().head() == null && engine.writers().haveEnded();
  }

  /** Under the lock: whether a reader stands before a spilled entry. */
  boolean hasDemand() {
    Node head = engine.book().head();
    return demand && head != null && head.isRun();
  }

  /** Under the lock: what a reader asked for is there. */
  void demandServed() {
    demand = false;
  }

  /** Under the lock: the first entry may have become readable. */
  void wake() {
    if (waiting > 0) {
      readable.signalAll();
    }
  }
}
