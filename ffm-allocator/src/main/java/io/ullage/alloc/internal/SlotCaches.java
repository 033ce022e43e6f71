package io.ullage.alloc.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The caches of all threads of one pool.
 *
 * <p>Each platform thread has its own, made at its first use and dissolved when it has ended.
 * Virtual threads share a fixed number, so that a million of them keep no more than that. A cache
 * must not reach the thread-local that leads to it, or neither could be collected while its thread
 * lives.
 */
final class SlotCaches {
  private final Depot[] depots;
  private final @Nullable AsymmetricFence fence;
  private final int sampleEvery;
  private final SlotCache[] shared;
  private final ThreadLocal<SlotCache> own;
  private final List<SlotCache> all = new ArrayList<>();
  private boolean closed;

  SlotCaches(Depot[] depots, @Nullable AsymmetricFence fence, int sampleEvery) {
    this.depots = depots;
    this.fence = fence;
    this.sampleEvery = sampleEvery;
    // Twice the processors, as a power of two: two running virtual threads seldom meet.
    shared = new SlotCache[2 * Integer.highestOneBit(Runtime.getRuntime().availableProcessors())];
    for (int each = 0; each < shared.length; each++) {
      shared[each] = new SlotCache(depots, null, null, sampleEvery);
      all.add(shared[each]);
    }
    own = ThreadLocal.withInitial(this::add);
  }

  SlotCache current() {
    Thread thread = Thread.currentThread();
    return thread.isVirtual() ? shared[(int) thread.threadId() & (shared.length - 1)] : own.get();
  }

  long cachedBytes() {
    return snapshot().stream().mapToLong(SlotCache::cachedBytes).sum();
  }

  void forEach(Consumer<SlotCache> action) {
    snapshot().forEach(action);
  }

  /** Closes the caches of ended threads, after something was done with each. */
  void dissolveOrphans(Consumer<SlotCache> before) {
    List<SlotCache> orphans = snapshot().stream().filter(SlotCache::isOrphaned).toList();
    for (SlotCache orphan : orphans) {
      before.accept(orphan);
      orphan.close();
    }
    synchronized (all) {
      all.removeAll(orphans);
    }
  }

  void close() {
    synchronized (all) {
      closed = true;
    }
    forEach(SlotCache::close);
  }

  private SlotCache add() {
    SlotCache cache = new SlotCache(depots, Thread.currentThread(), fence, sampleEvery);
    synchronized (all) {
      if (!closed) {
        all.add(cache);
        return cache;
      }
    }
    cache.close();
    return cache;
  }

  private List<SlotCache> snapshot() {
    synchronized (all) {
      return List.copyOf(all);
    }
  }
}
