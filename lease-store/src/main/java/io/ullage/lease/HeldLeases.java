package io.ullage.lease;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The leases of one manager. Most are given back before anybody looks at them, so they come in two
 * steps: a new lease is pushed onto a stack of <em>arrivals</em> by one compare-and-set; whoever
 * looks at the leases takes that stack and settles what is on it, under a lock: in a {@link
 * LeaseBatch} if it can be renewed with many others, else in an array of those <em>alone</em>. A
 * lease that is still the topmost arrival is removed by one compare-and-set as well; any other
 * under the lock.
 *
 * <p>Why popping by compare-and-set is safe here: a lease is pushed once in its life, so the top
 * cannot become another stack with the same top, and what lies below a lease never changes. Between
 * arrival and settling a lease moves only under the lock; whoever removes one that is not on top
 * settles all arrivals first, and then finds where it settled.
 *
 * <p>No addition is lost to {@link #close}: a lease is pushed before {@code closed} is read, and
 * {@code closed} is written before the leases are copied.
 */
final class HeldLeases {
  private static final int FIRST_CAPACITY = 16;
  private static final VarHandle ARRIVALS;

  static {
    try {
      ARRIVALS =
          MethodHandles.lookup().findVarHandle(HeldLeases.class, "arrivals", ManagedLease.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final ReentrantLock lock = new ReentrantLock();
  private volatile @Nullable ManagedLease arrivals;
  private volatile boolean closed;
  private final LeaseBatch batch = new LeaseBatch();
  private @Nullable ManagedLease[] alone = new ManagedLease[FIRST_CAPACITY];
  private int aloneCount;

  /** Between a walk over the batch and what is made of it; touched by the heartbeat alone. */
  private final List<ManagedLease> left = new ArrayList<>();

  /** Adds a lease; false if the leases are closed. */
  boolean add(ManagedLease lease) {
    ManagedLease top = arrivals;
    while (true) {
      lease.below = top;
      ManagedLease seen = (ManagedLease) ARRIVALS.compareAndExchange(this, top, lease);
      if (isSame(seen, top)) {
        break;
      }
      top = seen;
    }
    if (closed) {
      remove(lease);
      return false;
    }
    return true;
  }

  /** Removes a lease, once. */
  void remove(ManagedLease lease) {
    if (isSame(arrivals, lease) && ARRIVALS.compareAndSet(this, lease, lease.below)) {
      return;
    }
    lock.lock();
    try {
      settleArrivals();
      if (lease.settledAt >= 0) {
        unsettle(lease);
      }
    } finally {
      lock.unlock();
    }
  }

  @SuppressWarnings("ReferenceEquality") // A lease is itself; it has no value.
  private static boolean isSame(@Nullable ManagedLease one, @Nullable ManagedLease other) {
    return one == other;
  }

  private void settleArrivals() {
    if (arrivals == null) {
      return;
    }
    ManagedLease lease = (ManagedLease) ARRIVALS.getAndSet(this, null);
    while (lease != null) {
      ManagedLease below = lease.below;
      lease.below = null;
      settle(lease);
      lease = below;
    }
  }

  private void settle(ManagedLease lease) {
    lease.batched = batch.add(lease);
    if (!lease.batched) {
      addAlone(lease);
    }
  }

  private void addAlone(ManagedLease lease) {
    if (aloneCount == alone.length) {
      alone = Arrays.copyOf(alone, aloneCount * 2);
    }
    lease.batched = false;
    lease.settledAt = aloneCount;
    alone[aloneCount++] = lease;
  }

  private void unsettle(ManagedLease lease) {
    int index = lease.settledAt;
    lease.settledAt = -1;
    if (lease.batched) {
      batch.remove(index);
      return;
    }
    ManagedLease last = alone[--aloneCount];
    alone[index] = last;
    alone[aloneCount] = null;
    if (last != null && index < aloneCount) {
      last.settledAt = index;
    }
  }

  /** Settles a lease anew, because what it is like has changed. */
  void settleAgain(ManagedLease lease) {
    lock.lock();
    try {
      settleArrivals();
      if (lease.settledAt >= 0) {
        unsettle(lease);
        settle(lease);
      }
    } finally {
      lock.unlock();
    }
  }

  int size() {
    lock.lock();
    try {
      settleArrivals();
      return batch.size() + aloneCount;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Renews the leases of the batch that are due, for the heartbeat. Those that it could not renew
   * are alone afterwards, and still due.
   *
   * @param begunAt a reading of the clock
   * @param nanoClock the clock, read again for each block
   * @return how many were renewed
   */
  long renewBatch(long begunAt, LongSupplier nanoClock) {
    long now = begunAt;
    int end = -1;
    do {
      if (end >= 0) {
        now = nanoClock.getAsLong();
      }
      lock.lock();
      try {
        if (end < 0) {
          settleArrivals();
          end = batch.beginWalk();
        }
        end = batch.renewBlock(end, now, left);
        left.forEach(this::addAlone);
      } finally {
        lock.unlock();
      }
      left.clear();
    } while (end > 0);
    return batch.extended();
  }

  /** When the first lease that {@link #renewBatch} saw is due again. */
  long batchDueAt() {
    return batch.nextAt();
  }

  /** Finds the leases of the batch whose records say something else, which are alone then. */
  void checkBatch() {
    int end = Integer.MAX_VALUE;
    do {
      lock.lock();
      try {
        end = batch.checkBlock(end, left);
        left.forEach(this::addAlone);
      } finally {
        lock.unlock();
      }
      left.clear();
    } while (end > 0);
  }

  /** The leases now. */
  List<ManagedLease> list() {
    return Arrays.stream(copy(new ManagedLease[1], false))
        .takeWhile(Objects::nonNull)
        .map(Objects::requireNonNull)
        .toList();
  }

  /**
   * The leases now, for who looks often and keeps an array for it.
   *
   * @param into where to put them, if there is room for one more
   * @param onlyAlone whether to leave out those of the batch
   * @return that array, or a longer one; behind the last lease is a null
   */
  @Nullable ManagedLease[] copy(@Nullable ManagedLease[] into, boolean onlyAlone) {
    lock.lock();
    try {
      settleArrivals();
      int batched = onlyAlone ? 0 : batch.size();
      int count = batched + aloneCount;
      @Nullable ManagedLease[] copy = into.length > count ? into : new ManagedLease[2 * count + 1];
      batch.copyInto(copy, batched);
      System.arraycopy(alone, 0, copy, batched, aloneCount);
      copy[count] = null;
      return copy;
    } finally {
      lock.unlock();
    }
  }

  /** Refuses additions from now on. */
  void close() {
    closed = true;
  }
}
