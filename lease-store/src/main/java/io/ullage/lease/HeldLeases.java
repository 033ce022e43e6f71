package io.ullage.lease;

import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The leases of one manager, as a list whose links sit in the leases themselves: adding and
 * removing cost one uncontended lock and no memory. Sweepers work on a copy, never under the lock.
 */
final class HeldLeases {
  private static final ManagedLease[] NONE = {};

  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable ManagedLease first;
  private int size;
  private boolean closed;

  /** Adds a lease; false if the list was closed. */
  boolean add(ManagedLease lease) {
    lock.lock();
    try {
      if (closed) {
        return false;
      }
      ManagedLease next = first;
      lease.next = next;
      if (next != null) {
        next.previous = lease;
      }
      first = lease;
      lease.listed = true;
      size++;
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Removes a lease, if it is there. */
  void remove(ManagedLease lease) {
    lock.lock();
    try {
      if (!lease.listed) {
        return;
      }
      lease.listed = false;
      ManagedLease previous = lease.previous;
      ManagedLease next = lease.next;
      if (previous == null) {
        first = next;
      } else {
        previous.next = next;
      }
      if (next != null) {
        next.previous = previous;
      }
      lease.previous = null;
      lease.next = null;
      size--;
    } finally {
      lock.unlock();
    }
  }

  int size() {
    lock.lock();
    try {
      return size;
    } finally {
      lock.unlock();
    }
  }

  /** The leases now. */
  ManagedLease[] copy() {
    lock.lock();
    try {
      if (size == 0) {
        return NONE;
      }
      ManagedLease[] copy = new ManagedLease[size];
      int index = 0;
      for (ManagedLease lease = first; lease != null; lease = lease.next) {
        copy[index++] = lease;
      }
      return copy;
    } finally {
      lock.unlock();
    }
  }

  /** Refuses additions from now on. */
  void close() {
    lock.lock();
    try {
      closed = true;
    } finally {
      lock.unlock();
    }
  }
}
