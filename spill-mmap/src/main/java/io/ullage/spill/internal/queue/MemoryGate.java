package io.ullage.spill.internal.queue;

import io.ullage.core.MemoryLimitException;
import io.ullage.core.internal.FlightRecording;
import io.ullage.core.internal.WaitEvent;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Where those wait who need memory of the queue's component: writers, and the fetching thread on a
 * reader's behalf.
 *
 * <p>What they need is known to the spilling thread, which makes room beyond what the policy asks
 * for. Memory is also freed in ways that the queue does not see (the reader closes what it polled,
 * another component shrinks), so a waiter looks again every {@value #LOOK_NANOS} ns besides being
 * signalled. Writers wait in the order of their coming: while somebody waits, nobody passes.
 *
 * <p>What was set aside for fetching and is in use has to come back before anything else is
 * admitted: with memory and disk full, nothing but the reader makes room, and it waits for that
 * fetch. So writers wait while it is not there, and at the end of their time are refused.
 */
final class MemoryGate {
  /**
   * 1 ms: far above the cost of a look (tens of ns), far below what anybody notices while memory is
   * short.
   */
  static final long LOOK_NANOS = 1_000_000;

  /**
   * So much more than it needs a waiter hopes for, as a share of the limit: enough for the next
   * thousand offers of 4 KiB not to wait.
   */
  private static final int COMFORT_SHARE_OF_LIMIT = 16;

  /**
   * So many looks a waiter hopes for more than it needs: 2 ms, in which a disk takes 4 MiB or more.
   * Waiting seldom and for longer costs less than being woken for each batch that was written.
   */
  private static final int COMFORT_LOOKS = 2;

  /** Something that takes memory if there is room. */
  @FunctionalInterface
  interface Attempt<T> {
    /** Takes the memory, or throws a refusal. */
    T take();
  }

  /** Says why waiting has no more sense. */
  @FunctionalInterface
  interface Liveness {
    /** Throws when the queue is closed or poisoned. Called under the queue's lock. */
    void check();
  }

  private final Headroom headroom;
  private final ReentrantLock lock;
  private final Condition room;
  private final Condition work;
  private final ReentrantLock line = new ReentrantLock(true);
  private final AtomicInteger waitingWriters = new AtomicInteger();
  private volatile long writersNeedBytes;
  private volatile long readerNeedsBytes;
  private volatile long setAsideBytes;
  private final AtomicLong waitedNanos = new AtomicLong();

  MemoryGate(Headroom headroom, ReentrantLock lock, Condition work) {
    this.headroom = headroom;
    this.lock = lock;
    this.room = lock.newCondition();
    this.work = work;
  }

  /**
   * Takes memory at once if nobody waits, else waits in line; throws the last refusal at the
   * timeout.
   *
   * @param fits whether there visibly is room for so many bytes of this attempt
   */
  <T> T take(
      long bytes, LongPredicate fits, long timeoutNanos, Attempt<T> attempt, Liveness liveness)
      throws InterruptedException {
    if (waitingWriters.get() == 0 && isWorthAsking(bytes, fits, timeoutNanos)) {
      try {
        return attempt.take();
      } catch (MemoryLimitException refusal) {
        check(liveness);
        if (timeoutNanos <= 0) {
          throw refusal;
        }
      }
    }
    check(liveness);
    WaitEvent event = FlightRecording.isPossible() ? WaitEvent.begun() : null;
    boolean granted = false;
    try {
      T taken = await(bytes, fits, timeoutNanos, attempt, liveness);
      granted = true;
      return taken;
    } finally {
      if (event != null) {
        event.record(headroom.path(), bytes, granted);
      }
    }
  }

  private <T> T await(
      long bytes, LongPredicate fits, long timeoutNanos, Attempt<T> attempt, Liveness liveness)
      throws InterruptedException {
    long start = System.nanoTime();
    waitingWriters.incrementAndGet();
    try {
      if (!line.tryLock(timeoutNanos, TimeUnit.NANOSECONDS)) {
        refuseToTakeSetAside();
        return attempt.take();
      }
      try {
        long comfortBytes = comfortBytes(bytes);
        need(comfortBytes);
        while (true) {
          long waited = System.nanoTime() - start;
          boolean last = waited >= timeoutNanos;
          if (waited >= COMFORT_LOOKS * LOOK_NANOS) {
            comfortBytes = bytes;
          }
          if (last || fitsBesideSetAside(comfortBytes, fits)) {
            try {
              refuseToTakeSetAside();
              return attempt.take();
            } catch (MemoryLimitException refusal) {
              if (last) {
                throw refusal;
              }
            }
          }
          awaitRoom(LOOK_NANOS, liveness);
        }
      } finally {
        need(0);
        line.unlock();
      }
    } finally {
      waitingWriters.decrementAndGet();
      waitedNanos.addAndGet(System.nanoTime() - start);
    }
  }

  private long comfortBytes(long bytes) {
    long limit = headroom.limitBytes();
    return limit == Long.MAX_VALUE ? bytes : Math.max(bytes, limit / COMFORT_SHARE_OF_LIMIT);
  }

  /**
   * Whether to ask at once. Who can wait does not ask when there is visibly no room: every asking
   * in vain is counted as a refusal. While memory is set aside, nobody asks for the last of it.
   */
  private boolean isWorthAsking(long bytes, LongPredicate fits, long timeoutNanos) {
    return (setAsideBytes == 0 && timeoutNanos <= 0) || fitsBesideSetAside(bytes, fits);
  }

  /**
   * A segment that is moved in needs no room at the levels above both components, but those must
   * have what is set aside: an offer that takes what the next fetch needs is one too many.
   */
  private boolean fitsBesideSetAside(long bytes, LongPredicate fits) {
    long aside = setAsideBytes;
    return fits.test(bytes + aside) && (aside == 0 || headroom.fits(aside));
  }

  /** At the end of its time an offer is refused while memory set aside is not there. */
  private void refuseToTakeSetAside() {
    long aside = setAsideBytes;
    if (aside > 0 && !headroom.fits(aside)) {
      throw headroom.refusal(aside);
    }
  }

  /** Under the lock: keeps writers from memory that the next fetch will need; 0 for none. */
  void setAside(long bytes) {
    setAsideBytes = bytes;
  }

  /** {@return how many bytes the next fetch will need, and nobody else may take} */
  long setAsideBytes() {
    return setAsideBytes;
  }

  private void check(Liveness liveness) {
    lock.lock();
    try {
      liveness.check();
    } finally {
      lock.unlock();
    }
  }

  private void need(long bytes) {
    lock.lock();
    try {
      writersNeedBytes = bytes;
      work.signal();
    } finally {
      lock.unlock();
    }
  }

  // The caller loops, and looks again after any wake-up.
  @SuppressWarnings("WaitNotInLoop")
  private void awaitRoom(long nanos, Liveness liveness) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      liveness.check();
      long ignored = room.awaitNanos(nanos);
    } finally {
      lock.unlock();
    }
  }

  /** Under the lock: waits a little for the store to take something again; returns how long. */
  // The caller loops, and looks again after any wake-up.
  @SuppressWarnings("WaitNotInLoop")
  long awaitStore(long atMostNanos) throws InterruptedException {
    long start = System.nanoTime();
    long ignored = room.awaitNanos(Math.min(atMostNanos, LOOK_NANOS));
    long waited = System.nanoTime() - start;
    waitedNanos.addAndGet(waited);
    return waited;
  }

  /** Under the lock, fetching thread: waits for memory that a reader needs. */
  // The caller loops, and looks again after any wake-up.
  @SuppressWarnings("WaitNotInLoop")
  void awaitForReader(long bytes) throws InterruptedException {
    readerNeedsBytes = bytes;
    work.signal();
    try {
      long ignored = room.awaitNanos(LOOK_NANOS);
    } finally {
      readerNeedsBytes = 0;
    }
  }

  /** Under the lock: memory was freed. */
  void freed() {
    room.signalAll();
  }

  int waiters() {
    return waitingWriters.get();
  }

  boolean hasWaiters() {
    return waitingWriters.get() > 0;
  }

  /** Returns how many bytes the waiting ones need. */
  long neededBytes() {
    return writersNeedBytes + readerNeedsBytes;
  }

  long waitedNanos() {
    return waitedNanos.get();
  }

  Headroom headroom() {
    return headroom;
  }

  /**
   * Returns the attempt's result, or null when it is refused; without asking when there is visibly
   * no room.
   */
  <T> @Nullable T tryTake(long bytes, Attempt<T> attempt) {
    if (!headroom.fits(bytes)) {
      return null;
    }
    try {
      return attempt.take();
    } catch (MemoryLimitException refusal) {
      return null;
    }
  }
}
