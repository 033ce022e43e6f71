package io.ullage.spill.internal.store;

import io.ullage.spill.SpillSession;
import io.ullage.spill.StoreFullException;
import io.ullage.spill.StoreUsage;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** Makes slabs of locked memory up to a maximum, and keeps one empty one. Thread-safe. */
public final class PinnedSlabs implements AutoCloseable {
  /** 4 MiB: some batches, so that locking (about 1 ms for so much) is rare. */
  static final long SLAB_BYTES = 4 << 20;

  /** The largest page size of the supported systems. */
  private static final long PAGE_BYTES = 64 << 10;

  private final long maximumBytes;
  private final MemoryCharge charge;
  private final SystemCalls calls;
  private @Nullable PinnedSlab spare;
  private long slabBytes;
  private boolean closed;

  /** Makes slabs of the system's memory. */
  public PinnedSlabs(long maximumBytes, MemoryCharge charge, SystemCalls calls) {
    this.maximumBytes = maximumBytes;
    this.charge = charge;
    this.calls = calls;
  }

  /** Opens the store for one queue. */
  public SpillSession open() {
    checkOpen();
    return new PinnedSession(this);
  }

  /** {@return what all slabs take} */
  public StoreUsage usage() {
    return new StoreUsage(0, 0, charge.bytes());
  }

  /** Returns an empty slab of at least this size. */
  PinnedSlab acquire(long leastBytes) throws IOException {
    long bytes = Math.max(SLAB_BYTES, (leastBytes + PAGE_BYTES - 1) & -PAGE_BYTES);
    PinnedSlab unfit = null;
    synchronized (this) {
      if (closed) {
        throw new IOException("the store is closed");
      }
      PinnedSlab kept = spare;
      if (kept != null) {
        spare = null;
        if (kept.capacityBytes() >= bytes) {
          return kept;
        }
        unfit = kept;
      }
    }
    if (unfit != null) {
      free(unfit);
    }
    reserve(bytes);
    boolean made = false;
    try {
      PinnedSlab slab = make(bytes);
      made = true;
      return slab;
    } finally {
      if (!made) {
        unreserve(bytes);
      }
    }
  }

  private void reserve(long bytes) throws StoreFullException {
    synchronized (this) {
      if (bytes > maximumBytes - slabBytes) {
        throw new StoreFullException(
            "pinned memory: "
                + bytes
                + " bytes needed, "
                + slabBytes
                + " of "
                + maximumBytes
                + " in use");
      }
      slabBytes += bytes;
    }
    boolean charged = false;
    try {
      charge.add(bytes);
      charged = true;
    } finally {
      if (!charged) {
        synchronized (this) {
          slabBytes -= bytes;
        }
      }
    }
  }

  private void unreserve(long bytes) {
    charge.subtract(bytes);
    synchronized (this) {
      slabBytes -= bytes;
    }
  }

  // One thread writes, another reads, and it is freed at most once per slab: a shared arena's price
  // is paid rarely.
  private PinnedSlab make(long bytes) throws StoreFullException {
    Arena arena = Arena.ofShared();
    MemorySegment memory = arena.allocate(bytes, PAGE_BYTES);
    int error = calls.lockPages(memory);
    if (error != 0) {
      arena.close();
      throw new StoreFullException(
          "cannot lock " + bytes + " bytes of memory, errno " + error + " (see RLIMIT_MEMLOCK)");
    }
    return new PinnedSlab(arena, memory);
  }

  /** Takes back a slab that is sealed and empty. */
  void recycle(PinnedSlab slab) {
    synchronized (this) {
      if (!closed && spare == null && slab.capacityBytes() == SLAB_BYTES) {
        slab.reopen();
        spare = slab;
        return;
      }
    }
    free(slab);
  }

  private void free(PinnedSlab slab) {
    int ignored = calls.unlockPages(slab.memory());
    slab.free();
    unreserve(slab.capacityBytes());
    closeIfEmpty();
  }

  private synchronized void checkOpen() {
    if (closed) {
      throw new IllegalStateException("the store is closed");
    }
  }

  synchronized boolean isClosed() {
    return closed;
  }

  private void closeIfEmpty() {
    synchronized (this) {
      if (!closed || slabBytes > 0) {
        return;
      }
    }
    charge.close();
  }

  @Override
  public void close() {
    PinnedSlab kept;
    synchronized (this) {
      closed = true;
      kept = spare;
      spare = null;
    }
    if (kept != null) {
      free(kept);
    }
    closeIfEmpty();
  }
}
