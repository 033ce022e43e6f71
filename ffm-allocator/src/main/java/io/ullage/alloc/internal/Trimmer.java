package io.ullage.alloc.internal;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.locks.Lock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Gives memory back that is not in use: what rests, by and by; what was left behind by a change, at
 * once; and everything, when it is told to. Used by the pool's own thread only.
 */
final class Trimmer {
  private static final System.Logger LOGGER = System.getLogger("io.ullage.alloc");

  /**
   * Until the next look while there is a surplus: long enough that a size in use is used meanwhile.
   * Twice as long after each look in vain, for slots that lie scattered may be in use for long.
   */
  private static final long LOOK_AGAIN_NANOS = Duration.ofMillis(10).toNanos();

  private final Depot[] depots;
  private final SlotCaches caches;
  private final ChunkSupply supply;
  private final Releaser releaser;
  private final Runnable reclaimLeaks;
  private final LongSupplier usedBytes;
  private final Lock moving;
  private final long trimAfterNanos;
  private final Surplus surplus = new Surplus();
  private long lookAgainNanos = LOOK_AGAIN_NANOS;
  private Future<?> nextLook = CompletableFuture.completedFuture(null);

  /**
   * Begins to trim.
   *
   * @param reclaimLeaks takes back what ended threads and dropped handles have left
   * @param usedBytes tells the bytes of slots in use
   * @param moving is held while slots are moved from caches to depots, which changes no such figure
   * @param trimAfter how long empty memory is kept
   */
  Trimmer(
      Depot[] depots,
      SlotCaches caches,
      ChunkSupply supply,
      Releaser releaser,
      Runnable reclaimLeaks,
      LongSupplier usedBytes,
      Lock moving,
      Duration trimAfter) {
    this.depots = depots;
    this.caches = caches;
    this.supply = supply;
    this.releaser = releaser;
    this.reclaimLeaks = reclaimLeaks;
    this.usedBytes = usedBytes;
    this.moving = moving;
    trimAfterNanos = trimAfter.toNanos();
    releaser.every(trimAfter.dividedBy(2), this::trimWhatRests);
  }

  /** Empties all caches, and gives all empty chunks back; returns their bytes. */
  long trimAll() {
    reclaimLeaks.run();
    empty(SlotCache::flush);
    return supply.releaseIdle(0);
  }

  /** Looks for a surplus, now and, as long as there is one, again. */
  void trimSurplus() {
    nextLook.cancel(false);
    lookAgainNanos = LOOK_AGAIN_NANOS;
    lookForSurplus();
  }

  private void trimWhatRests() {
    try {
      reclaimLeaks.run();
      surplus.beginInterval();
      surplus.note(usedBytes.getAsLong());
      empty(SlotCache::flushIdle);
      supply.releaseIdle(trimAfterNanos);
      trimSurplus();
    } catch (RuntimeException | OutOfMemoryError failure) {
      // The next round tries again; what escaped would end all rounds.
      LOGGER.log(System.Logger.Level.ERROR, "Trimming failed", failure);
    }
  }

  private void lookForSurplus() {
    surplus.note(usedBytes.getAsLong());
    long chunkBytes = supply.chunkBytes();
    if (chunkBytes <= surplus.keepBytes()) {
      return;
    }
    empty(SlotCache::flushIdle);
    supply.releaseAbove(surplus.keepBytes(), surplus.keepEmptyBytes());
    if (supply.chunkBytes() < chunkBytes) {
      lookAgainNanos = LOOK_AGAIN_NANOS;
    }
    // Which sizes rest is known at the second look only. Beyond that time all that rests is looked
    // at anyway.
    if (lookAgainNanos < trimAfterNanos) {
      nextLook = releaser.after(lookAgainNanos, this::lookForSurplus);
      lookAgainNanos *= 2;
    }
  }

  private void empty(Consumer<SlotCache> flush) {
    moving.lock();
    try {
      caches.forEach(flush);
    } finally {
      moving.unlock();
    }
    for (Depot depot : depots) {
      depot.trim();
    }
  }
}
