package io.ullage.alloc.internal;

import io.ullage.core.internal.AsymmetricFence;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The caches of all threads of one pool.
 *
 * <p>Each platform thread has its own, made at its first use and dissolved when it has ended.
 * Virtual threads share a fixed number, so that a million of them keep no more than that. The
 * thread-local refers to a cache weakly, and the list strongly: a cache reaches the pool and with
 * it the thread-local, so that a strong value would keep a dropped pool for as long as any thread
 * lives that used it.
 */
final class SlotCaches {
  /** More threads than run at a time by far, in a kilobyte; two that meet alternate. */
  private static final int DIRECT_SLOTS = 256;

  private final SlotAllocator slots;
  private final Depot[] depots;
  private final @Nullable AsymmetricFence fence;
  private final Sampling sampling;
  private final SlotCache[] shared;

  @SuppressWarnings("ThreadLocalUsage") // one for each pool: a thread has a cache in each
  private final ThreadLocal<WeakReference<SlotCache>> own = new ThreadLocal<>();

  /**
   * A shortcut to the caches of platform threads, by the low bits of their numbers. Racy on
   * purpose: only its owner can find its own number in a cache, and numbers are never used again.
   */
  private final @Nullable SlotCache[] byThread = new @Nullable SlotCache[DIRECT_SLOTS];

  private final List<SlotCache> all = new ArrayList<>();
  private boolean closed;

  SlotCaches(
      SlotAllocator slots, Depot[] depots, @Nullable AsymmetricFence fence, Sampling sampling) {
    this.slots = slots;
    this.depots = depots;
    this.fence = fence;
    this.sampling = sampling;
    // Twice the processors, as a power of two: two running virtual threads seldom meet.
    shared = new SlotCache[2 * Integer.highestOneBit(Runtime.getRuntime().availableProcessors())];
    for (int each = 0; each < shared.length; each++) {
      shared[each] = new SlotCache(slots, depots, null, null, sampling);
      all.add(shared[each]);
    }
  }

  SlotCache current() {
    Thread thread = Thread.currentThread();
    long threadId = thread.threadId();
    SlotCache direct = byThread[(int) threadId & (DIRECT_SLOTS - 1)];
    return direct != null && direct.ownerId() == threadId ? direct : find(thread);
  }

  private SlotCache find(Thread thread) {
    if (thread.isVirtual()) {
      return shared[(int) thread.threadId() & (shared.length - 1)];
    }
    WeakReference<SlotCache> known = own.get();
    SlotCache cache = known == null ? null : known.get();
    if (cache == null) {
      cache = add(thread);
    }
    byThread[(int) thread.threadId() & (DIRECT_SLOTS - 1)] = cache;
    return cache;
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
    for (int each = 0; each < DIRECT_SLOTS; each++) {
      // Racy: what another thread has put there meanwhile is only looked for more slowly.
      SlotCache direct = byThread[each];
      if (direct != null && direct.isOrphaned()) {
        byThread[each] = null;
      }
    }
  }

  void close() {
    synchronized (all) {
      closed = true;
    }
    forEach(SlotCache::close);
  }

  private SlotCache add(Thread thread) {
    SlotCache cache = new SlotCache(slots, depots, thread, fence, sampling);
    own.set(new WeakReference<>(cache));
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
