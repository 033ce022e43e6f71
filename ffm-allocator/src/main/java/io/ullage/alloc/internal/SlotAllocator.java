package io.ullage.alloc.internal;

import io.ullage.core.Component;
import io.ullage.core.ComponentRegistry;
import io.ullage.core.internal.AsymmetricFence;
import io.ullage.core.internal.Membarrier;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Slots and spans of raw memory; whoever takes them has charged them before.
 *
 * <pre>
 *   SlotCache (one for each thread) ─► Depot (one for each size class) ─► ChunkSupply ─► MemorySource
 * </pre>
 *
 * Thread-safe.
 */
public final class SlotAllocator implements AutoCloseable {
  private final ComponentRegistry registry;
  private final Releaser releaser = new Releaser();
  private final ChunkSupply supply;
  private final Depot[] depots;
  private final SlotCaches caches;
  private final LeakDetector leaks;
  private final Sampling sampling;
  private final Trimmer trimmer;

  /** Held while slots move from caches to depots, and while both are counted. */
  private final ReentrantLock moving = new ReentrantLock();

  private final boolean isNative;
  private final AtomicLong spanBytes = new AtomicLong();
  private final AtomicLong arenaBytes = new AtomicLong();
  private final AtomicBoolean trimAsked = new AtomicBoolean();
  private volatile boolean closed;

  /**
   * Makes an allocator that has mapped nothing yet.
   *
   * @param registry whose components may be charged
   * @param source where memory comes from
   * @param leaks who is told of leaks
   * @param sampling which buffers have their sites recorded
   * @param trimAfter how long empty memory is kept
   */
  public SlotAllocator(
      ComponentRegistry registry,
      MemorySource source,
      LeakDetector leaks,
      Sampling sampling,
      Duration trimAfter) {
    this.registry = registry;
    this.leaks = leaks;
    this.sampling = sampling;
    isNative = source.isNative();
    supply = new ChunkSupply(source, releaser, sampling.nanoClock(), this::trimSurplus);
    ChunkDirectory directory = new ChunkDirectory();
    depots = new Depot[SizeClasses.COUNT];
    Arrays.setAll(depots, sizeClass -> new Depot(sizeClass, supply, directory));
    AsymmetricFence fence = isNative ? Membarrier.register().orElse(null) : null;
    caches = new SlotCaches(this, depots, fence, sampling);
    trimmer =
        new Trimmer(
            depots,
            caches,
            supply,
            releaser,
            this::reclaimLeaks,
            this::usedSlotBytes,
            moving,
            trimAfter);
  }

  /** Whether there are slots and spans at all; else {@link #countArenas} is all there is. */
  public boolean isNative() {
    return isNative;
  }

  /**
   * A component as the user of the current thread's cache.
   *
   * @throws IllegalArgumentException if it is another registry's
   */
  public Tenant tenant(Component component) {
    return caches.current().tenant(component);
  }

  /** The current thread's cache, from which slots are taken and to which they are given. */
  public SlotCache cache() {
    return caches.current();
  }

  /** Which sites are recorded. */
  public Sampling sampling() {
    return sampling;
  }

  /** Who is told of leaks. */
  public LeakDetector leaks() {
    return leaks;
  }

  /** The bytes that a span for this size takes. */
  public long spanBytes(long byteSize) {
    long page = supply.pageBytes();
    return (Math.max(1, byteSize) + page - 1) & -page;
  }

  /**
   * Takes a slot for a buffer of the current thread, and lists it. Before it fails for want of
   * memory, all that is cached is given back to the system.
   *
   * @throws IllegalStateException if the pool is closed
   * @throws OutOfMemoryError if the system has no more memory
   */
  public Slot open(Tenant tenant, int sizeClass) {
    try {
      return tenant.cache().open(tenant, sizeClass);
    } catch (OutOfMemoryError exhausted) {
      giveUpCached(exhausted);
      return tenant.cache().open(tenant, sizeClass);
    }
  }

  /** Takes a slot without listing it; else as {@link #open}. */
  public Slot take(int sizeClass) {
    try {
      return cache().take(sizeClass);
    } catch (OutOfMemoryError exhausted) {
      giveUpCached(exhausted);
      return cache().take(sizeClass);
    }
  }

  /** Takes a slot for an unguarded block; else as {@link #take}. */
  public BlockView lend(Tenant tenant, int sizeClass) {
    try {
      return tenant.cache().lend(sizeClass);
    } catch (OutOfMemoryError exhausted) {
      giveUpCached(exhausted);
      return tenant.cache().lend(sizeClass);
    }
  }

  /** Takes back what was lent, and discharges it. */
  public void takeBack(BlockView lent, Component component) {
    SlotCache cache = caches.current();
    long bytes = lent.slot().chargedBytes();
    cache.takeBack(lent);
    cache.discharge(component, bytes);
  }

  /** Waits until all cached memory is back with the system; the caller is in no bracket. */
  private void giveUpCached(OutOfMemoryError exhausted) {
    try {
      trim().join();
    } catch (CompletionException | IllegalStateException failure) {
      exhausted.addSuppressed(failure);
      throw exhausted;
    }
  }

  /**
   * Maps a span for one allocation. Before it fails for want of memory, all that is cached is given
   * back to the system.
   *
   * @param spanBytes as {@link #spanBytes(long)} says
   * @throws IllegalStateException if the pool is closed
   * @throws OutOfMemoryError if the system has no more memory
   */
  public Span takeSpan(long spanBytes, long byteAlignment) {
    requireOpen();
    Span span;
    try {
      span = supply.map(spanBytes, byteAlignment);
    } catch (OutOfMemoryError exhausted) {
      giveUpCached(exhausted);
      span = supply.map(spanBytes, byteAlignment);
    }
    this.spanBytes.addAndGet(spanBytes);
    return span;
  }

  /**
   * Counts memory that an arena of the JDK is about to provide.
   *
   * @throws IllegalStateException if the pool is closed
   */
  public Span countArenas(long byteSize) {
    requireOpen();
    arenaBytes.addAndGet(byteSize);
    return Span.ofArena(byteSize);
  }

  /** Gives a span back; what was mapped is unmapped on the pool's thread. */
  public void giveSpan(Span span) {
    if (span.isArenas()) {
      arenaBytes.addAndGet(-span.byteSize());
      return;
    }
    spanBytes.addAndGet(-span.byteSize());
    supply.release(List.of(span));
  }

  /** Gives a slot or span back that no cache lists. */
  public void give(Slot slot) {
    Span span = slot.span();
    if (span == null) {
      cache().give(slot);
    } else {
      giveSpan(span);
    }
  }

  /** One holder of a slot or span lets go: the last gives the memory back and discharges it. */
  public void release(Slot slot, Component component) {
    SlotHold hold = slot.hold();
    if (hold == null || hold.releaseIsLast()) {
      long bytes = slot.chargedBytes();
      give(slot);
      component.discharge(bytes);
    }
  }

  /**
   * Refuses a component of another registry: its limits are not those that bound this pool.
   *
   * @throws IllegalArgumentException if it is another registry's
   */
  public void requireOwn(Component component) {
    if (component.registry() != registry) {
      throw new IllegalArgumentException(
          "component " + component.path() + ": belongs to another registry than this chunk pool");
    }
  }

  /**
   * Refuses use after close.
   *
   * @throws IllegalStateException if the pool is closed
   */
  public void requireOpen() {
    if (closed) {
      throw new IllegalStateException("The chunk pool is closed");
    }
  }

  /** Bytes mapped, and bytes of the JDK's arenas that are counted here. */
  public long committedBytes() {
    return supply.committedBytes() + arenaBytes.get();
  }

  /** Bytes of slots and spans in use: exact while nobody takes or gives any. */
  public long usedBytes() {
    return usedSlotBytes() + spanBytes.get() + arenaBytes.get();
  }

  private long usedSlotBytes() {
    moving.lock();
    try {
      return supply.takenBytes() - caches.cachedBytes();
    } finally {
      moving.unlock();
    }
  }

  /** Takes back what ended threads and dropped handles have left, and reports it. */
  public void reclaimLeaks() {
    caches.forEach(cache -> cache.bequeathIfEnded(this::inherit));
    moving.lock();
    try {
      caches.dissolveOrphans(cache -> leaks.adopt(cache.abandonDetached()));
    } finally {
      moving.unlock();
    }
    leaks.drain(this::release);
  }

  /**
   * Reclaims leaks, empties all caches, gives all empty chunks back; completes with their bytes.
   */
  public CompletableFuture<Long> trim() {
    requireOpen();
    CompletableFuture<Long> trimmed = new CompletableFuture<>();
    releaser.run(
        () -> {
          try {
            long bytes = trimmer.trimAll();
            // Behind the unmapping, which stands in the same queue.
            releaser.run(() -> trimmed.complete(bytes));
          } catch (Throwable failure) {
            trimmed.completeExceptionally(failure);
          }
        });
    return trimmed;
  }

  /** Has the same done, once however often it is asked for meanwhile; nobody waits for it. */
  public void trimSoon() {
    if (trimAsked.compareAndSet(false, true)) {
      releaser.runUnlessClosed(
          () -> {
            trimAsked.set(false);
            trimmer.trimAll();
          });
    }
  }

  /**
   * Gives everything back that is not in use, and ends the thread. What is in use stays valid and
   * goes back when it is closed.
   */
  @Override
  public void close() {
    closed = true;
    reclaimLeaks();
    caches.close();
    for (Depot depot : depots) {
      depot.close();
    }
    supply.close();
    releaser.close();
  }

  private void inherit(Slot slot, Component component) {
    leaks.reportOwnerEnded(component, slot);
    release(slot, component);
  }

  private void trimSurplus() {
    trimmer.trimSurplus();
  }
}
