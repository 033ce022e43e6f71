package io.ullage.spill.internal.queue;

import io.ullage.alloc.DetachedSegment;
import io.ullage.spill.SpillPlan;
import io.ullage.spill.SpillQueueStatistics;
import io.ullage.spill.SpillSession;
import io.ullage.spill.SpillStore;
import io.ullage.spill.SpilledRun;
import io.ullage.spill.StoreUsage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The queue: one lock over the {@link QueueBook}, a spilling thread and a fetching thread.
 *
 * <p>The lock is held for moments only: no I/O, no copying of payloads, no acquisition of memory
 * happens under it. Callers append and take; the {@link Spiller} claims entries, writes them
 * without the lock and publishes the run; the {@link Fetcher} reads runs without the lock and
 * inserts their entries. The two threads start with the queue and end with it; the last one out
 * gives back what is left, so that closing never waits for a disk.
 */
public final class QueueEngine implements AutoCloseable {
  /**
   * About 2 µs: longer than any holder has the lock unless it is descheduled, shorter than parking
   * and waking.
   */
  static final int SPINS = 100;

  private final QueueSettings settings;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition work = lock.newCondition();
  private final Condition fetchWork = lock.newCondition();
  private final QueueBook book = new QueueBook();
  private final MemoryGate gate;
  private final Policies policies;
  private final Landing landing;
  private final StoreHealth health;
  private final Writers writers;
  private final Readers readers;
  private final Poison poison;
  private final @Nullable SpillSession session;
  private final Workers workers = new Workers();
  private final List<SpilledRun> cancelledRuns = new ArrayList<>();

  private @Nullable SpillPlan pendingPlan;
  private boolean fetchingEnded;
  private boolean retrySpilling;
  private @Nullable Run fetchedRun;
  private boolean spillerIdle;
  private boolean fetcherIdle;
  private volatile boolean closed;

  /** Opens the store and starts the threads. */
  public QueueEngine(QueueSettings settings, long queueId) throws IOException {
    this.settings = settings;
    this.gate = new MemoryGate(new Headroom(settings.token().component()), lock, work);
    this.policies = new Policies(settings, new BookView(book, gate.headroom()));
    this.landing = new Landing(gate);
    this.poison = new Poison(settings.name());
    this.health = new StoreHealth(settings.name(), settings.fetchAttempts());
    this.writers = new Writers(this);
    this.readers = new Readers(this, lock);
    SpillStore store = settings.store();
    this.session = store == null ? null : store.open(queueId);
    SpillSession opened = session;
    if (opened != null) {
      workers.add(new Spiller(this, opened), "ullage-spill-" + settings.name());
      workers.add(new Fetcher(this, opened), "ullage-fetch-" + settings.name());
      workers.start();
    }
  }

  /** {@return the writers' side} */
  public Writers writers() {
    return writers;
  }

  /** {@return the reader's side} */
  public Readers readers() {
    return readers;
  }

  Poison poison() {
    return poison;
  }

  QueueSettings settings() {
    return settings;
  }

  MemoryGate gate() {
    return gate;
  }

  QueueBook book() {
    return book;
  }

  Policies policies() {
    return policies;
  }

  void lock() {
    for (int i = 0; i < SPINS; i++) {
      if (lock.tryLock()) {
        return;
      }
      Thread.onSpinWait();
    }
    lock.lock();
  }

  void unlock() {
    lock.unlock();
  }

  /** Under the lock: whether the policy would have something spilled now; has it done if so. */
  boolean wantsToSpill() {
    plan();
    SpillPlan plan = pendingPlan;
    return book.hasAnythingFor(plan == null ? SpillPlan.none() : plan);
  }

  /** Under the lock: asks the policy what to spill, and has it done. */
  void plan() {
    SpillPlan plan;
    try {
      plan = policies.plan();
    } catch (RuntimeException e) {
      poisonLocked("the spill policy failed", e);
      return;
    }
    if (!plan.isNone()) {
      pendingPlan = plan;
      wakeSpiller();
    }
  }

  /** Asks for the oldest {@code bytes} that may be spilled to be spilled now. */
  public void spillNow(long bytes) {
    lock();
    try {
      checkOpen();
      if (session == null) {
        throw new IllegalStateException("the queue has no store");
      }
      pendingPlan = new SpillPlan(0, bytes);
      wakeSpiller();
    } finally {
      unlock();
    }
  }

  private void wakeSpiller() {
    if (spillerIdle) {
      work.signal();
    }
  }

  // ------------------------------------------------------ for the two threads

  Condition work() {
    return work;
  }

  Condition fetchWork() {
    return fetchWork;
  }

  boolean isClosed() {
    return closed;
  }

  void setSpillerIdle(boolean idle) {
    spillerIdle = idle;
  }

  void setFetcherIdle(boolean idle) {
    fetcherIdle = idle;
  }

  @Nullable SpillPlan pendingPlan() {
    return pendingPlan;
  }

  /** Under the lock: whether a plan waits, or somebody waits for memory. */
  boolean hasSpillingWork() {
    return pendingPlan != null || book.hasPlanned() || gate.neededBytes() > 0;
  }

  void planApplied(SpillPlan plan) {
    if (plan.equals(pendingPlan)) {
      pendingPlan = null;
    }
  }

  /** Under the lock: wakes the fetching thread if the prefetch policy wants enough for that. */
  void wakeFetcherIfWorthwhile() {
    try {
      if (fetcherIdle && !gate.hasWaiters() && policies.isWorthWaking()) {
        fetchWork.signal();
      }
    } catch (RuntimeException e) {
      poisonLocked("the prefetch policy failed", e);
    }
  }

  void wakeFetcher() {
    if (fetcherIdle) {
      fetchWork.signal();
    }
  }

  List<SpilledRun> cancelledRuns() {
    return cancelledRuns;
  }

  Landing landing() {
    return landing;
  }

  StoreHealth health() {
    return health;
  }

  /** Under the lock: which run the fetching thread works on. */
  void fetching(@Nullable Run run) {
    fetchedRun = run;
  }

  /** Under the lock: disk space was given back, so a full store may take something again. */
  void diskFreed() {
    if (health.takesNothing()) {
      retrySpilling = true;
      work.signal();
    }
  }

  /** Under the lock: whether the spilling thread should forget its back-off. */
  boolean takeRetry() {
    boolean retry = retrySpilling;
    retrySpilling = false;
    return retry;
  }

  /**
   * Under the lock: drops oldest entries until so many bytes are gone.
   *
   * @return whether they are; false when the oldest is being copied or fetched at this moment
   */
  boolean dropOldest(long bytes, List<DetachedSegment> dropped) {
    long before = book.totals().droppedBytes();
    while (book.totals().droppedBytes() - before < bytes && book.head() != null) {
      long entries = book.entries();
      SpilledRun released = book.dropHead(dropped, fetchedRun);
      if (released != null) {
        cancelledRuns.add(released);
        wakeFetcher();
      }
      if (book.entries() == entries) {
        return false;
      }
    }
    return true;
  }

  void fetchingEnded() {
    fetchingEnded = true;
  }

  boolean hasFetchingEnded() {
    return fetchingEnded;
  }

  // -------------------------------------------------------------------- ends

  /** Ends the queue with a failure; the first one counts. */
  public void poison(String who, Throwable cause) {
    lock();
    try {
      poisonLocked(who, cause);
    } finally {
      unlock();
    }
  }

  void poisonLocked(String who, Throwable cause) {
    poison.set(who, cause);
    readers.wake();
    gate.freed();
  }

  void checkWritable() {
    checkOpen();
    poison.throwIfSet();
  }

  void checkOpen() {
    if (closed) {
      throw new IllegalStateException("queue " + settings.name() + " is closed");
    }
  }

  void threadEnded() {
    if (workers.endedLast() && closed) {
      finish();
    }
  }

  /** Both the last thread and who closes the queue may come here: the first one does it. */
  private void finish() {
    if (!workers.beginFinish()) {
      return;
    }
    List<DetachedSegment> left = new ArrayList<>();
    lock();
    try {
      book.clear(left);
      policies.closed();
      DetachedSegment aside = landing.giveUp();
      if (aside != null) {
        left.add(aside);
      }
    } finally {
      unlock();
    }
    left.forEach(DetachedSegment::discard);
    if (session != null) {
      session.close();
    }
    workers.finished();
  }

  /** Ends the threads, drops what is left; waits for both, at most the time set. */
  @Override
  public void close() {
    lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      work.signalAll();
      fetchWork.signalAll();
      readers.wake();
      gate.freed();
    } finally {
      unlock();
    }
    if (workers.noneRuns()) {
      finish();
    }
    workers.awaitFinished(settings.closeTimeout());
  }

  /** Returns the figures of this moment. */
  public SpillQueueStatistics statistics() {
    SpillStore store = settings.store();
    StoreUsage usage = store == null ? StoreUsage.EMPTY : store.usage();
    StoreUsage own = session == null ? StoreUsage.EMPTY : session.usage();
    lock();
    try {
      return book.totals()
          .statistics(
              settings.token().component().path(),
              poison.message(),
              book,
              health,
              gate,
              usage,
              own);
    } finally {
      unlock();
    }
  }
}
