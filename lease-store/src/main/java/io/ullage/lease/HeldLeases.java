package io.ullage.lease;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The leases of one manager. Most are given back before anybody looks at them, so they come in two
 * steps: a new lease is pushed onto a stack of <em>arrivals</em> by one compare-and-set; whoever
 * looks at the leases takes that stack and settles what is on it in an array, under a lock. A lease
 * that is still the topmost arrival is removed by one compare-and-set as well; any other under the
 * lock.
 *
 * <p>Why popping by compare-and-set is safe here: a lease is pushed once in its life, so the top
 * cannot become another stack with the same top, and what lies below a lease never changes. Between
 * arrival and settling a lease moves only under the lock; whoever removes one that is not on top
 * settles all arrivals first, and then finds it in the array.
 *
 * <p>No addition is lost to {@link #close}: a lease is pushed before {@code closed} is read, and
 * {@code closed} is written before the leases are copied.
 */
final class HeldLeases {
  private static final ManagedLease[] NONE = {};
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
  private @Nullable ManagedLease[] settled = new ManagedLease[FIRST_CAPACITY];
  private int size;

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
      int index = lease.settledAt;
      if (index < 0) {
        return;
      }
      ManagedLease last = settled[--size];
      settled[index] = last;
      settled[size] = null;
      if (last != null) {
        last.settledAt = index;
      }
      lease.settledAt = -1;
    } finally {
      lock.unlock();
    }
  }

  @SuppressWarnings("ReferenceEquality") // A lease is itself; it has no value.
  private static boolean isSame(@Nullable ManagedLease one, @Nullable ManagedLease other) {
    return one == other;
  }

  private void settleArrivals() {
    ManagedLease lease = (ManagedLease) ARRIVALS.getAndSet(this, null);
    while (lease != null) {
      if (size == settled.length) {
        settled = Arrays.copyOf(settled, size * 2);
      }
      ManagedLease below = lease.below;
      lease.below = null;
      lease.settledAt = size;
      settled[size++] = lease;
      lease = below;
    }
  }

  int size() {
    lock.lock();
    try {
      settleArrivals();
      return size;
    } finally {
      lock.unlock();
    }
  }

  /** The leases now. */
  ManagedLease[] copy() {
    lock.lock();
    try {
      settleArrivals();
      return size == 0 ? NONE : Arrays.copyOf(settled, size, ManagedLease[].class);
    } finally {
      lock.unlock();
    }
  }

  /** Refuses additions from now on. */
  void close() {
    closed = true;
  }
}
