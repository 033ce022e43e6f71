package io.ullage.spill.internal.queue;

import io.ullage.spill.SpillQueueStatistics;
import io.ullage.spill.StoreUsage;

/** What went through a queue since it was made. Guarded by the queue's lock. */
final class Totals {
  private long polledBytes;
  private long polledEntries;
  private long droppedBytes;
  private long droppedEntries;
  private long damagedBytes;
  private long damagedEntries;
  private long spilledBytes;
  private long fetchedBytes;
  private long hits;
  private long misses;

  void polled(long bytes, boolean fetchedAhead) {
    polledBytes += bytes;
    polledEntries++;
    hits += fetchedAhead ? 1 : 0;
  }

  /** The entry that was counted as polled last was dropped. */
  void droppedInsteadOfPolled(long bytes, boolean fetchedAhead) {
    polledBytes -= bytes;
    polledEntries--;
    hits -= fetchedAhead ? 1 : 0;
    dropped(1, bytes);
  }

  void dropped(long entries, long bytes) {
    droppedEntries += entries;
    droppedBytes += bytes;
  }

  /** An entry is lost: it counts as dropped, too. */
  void damaged(long bytes) {
    damagedEntries++;
    damagedBytes += bytes;
    dropped(1, bytes);
  }

  void spilled(long bytes) {
    spilledBytes += bytes;
  }

  void fetched(long bytes) {
    fetchedBytes += bytes;
  }

  /** The reader came to an entry that is not in memory. */
  void missed() {
    misses++;
  }

  long polledBytes() {
    return polledBytes;
  }

  long droppedBytes() {
    return droppedBytes;
  }

  /** Copies the figures, and those of what is in the queue now. */
  SpillQueueStatistics statistics(
      String component,
      String problem,
      QueueBook book,
      StoreHealth health,
      MemoryGate gate,
      StoreUsage usage,
      StoreUsage own) {
    return new SpillQueueStatistics(
        component,
        problem,
        book.entries(),
        book.residentBytes() - book.inFlightBytes(),
        book.inFlightBytes(),
        book.spilledBytes(),
        book.spilledEntries(),
        book.headBytes(),
        book.endSequence(),
        book.offeredBytes(),
        polledEntries,
        polledBytes,
        droppedEntries,
        droppedBytes,
        damagedEntries,
        damagedBytes,
        spilledBytes,
        fetchedBytes,
        hits,
        misses,
        usage.diskBytes(),
        usage.mappedBytes(),
        usage.memoryBytes(),
        own.diskBytes(),
        own.mappedBytes(),
        health.state(),
        health.message(),
        health.failures(),
        gate.waiters(),
        gate.waitedNanos());
  }
}
