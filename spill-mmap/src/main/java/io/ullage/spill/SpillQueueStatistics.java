package io.ullage.spill;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The figures of a queue at one instant, taken under its lock.
 *
 * <p>They always balance: {@code offeredBytes = polledBytes + residentBytes + spillingBytes +
 * spilledBytes + droppedBytes}.
 *
 * @param component the path of the component that is charged
 * @param problem what ended the queue, if a failure did; empty when none did
 * @param entries entries in the queue, wherever they are
 * @param residentBytes bytes in memory only
 * @param spillingBytes bytes in memory that are being written
 * @param spilledBytes bytes in the store only
 * @param spilledEntries entries in the store only
 * @param headBytes the part of {@code residentBytes} before the first spilled entry
 * @param offeredEntries entries ever offered
 * @param offeredBytes bytes ever offered
 * @param polledEntries entries ever polled
 * @param polledBytes bytes ever polled
 * @param droppedEntries entries ever dropped: by choice on a full disk, as damaged, or when the
 *     queue was closed
 * @param droppedBytes bytes ever dropped
 * @param damagedEntries the part of {@code droppedEntries} that came back damaged
 * @param damagedBytes the part of {@code droppedBytes} that came back damaged
 * @param spilledBytesTotal bytes ever written to the store
 * @param fetchedBytesTotal bytes ever fetched from the store
 * @param prefetchHits entries that had come back before the reader asked for them
 * @param prefetchMisses how often the reader came to an entry that was not in memory
 * @param diskBytes bytes of disk that the store holds, for all its queues
 * @param mappedBytes bytes that the store has mapped, for all its queues
 * @param storeMemoryBytes bytes of memory that the store holds, for all its queues; files in a file
 *     system in memory are among them
 * @param ownDiskBytes bytes of disk that this queue's entries take, in whole files
 * @param ownMappedBytes bytes of address space that are mapped for this queue's entries, in whole
 *     files; the little of it that is in memory while entries come back is charged as external
 *     bytes
 * @param storeState how the store does
 * @param storeMessage its last error, empty when there is none
 * @param storeFailures how often the store failed
 * @param waitingOffers how many offers wait for memory now
 * @param offerWaitNanos how long offers waited for memory, all together
 */
public record SpillQueueStatistics(
    String component,
    String problem,
    long entries,
    long residentBytes,
    long spillingBytes,
    long spilledBytes,
    long spilledEntries,
    long headBytes,
    long offeredEntries,
    long offeredBytes,
    long polledEntries,
    long polledBytes,
    long droppedEntries,
    long droppedBytes,
    long damagedEntries,
    long damagedBytes,
    long spilledBytesTotal,
    long fetchedBytesTotal,
    long prefetchHits,
    long prefetchMisses,
    long diskBytes,
    long mappedBytes,
    long storeMemoryBytes,
    long ownDiskBytes,
    long ownMappedBytes,
    StoreState storeState,
    String storeMessage,
    long storeFailures,
    int waitingOffers,
    long offerWaitNanos) {
  /** {@return the figures by name, for a status page; {@code problem} is there if there is one} */
  public Map<String, Object> asMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("component", component);
    if (!problem.isEmpty()) {
      map.put("problem", problem);
    }
    map.put("entries", entries);
    map.put("resident_bytes", residentBytes);
    map.put("spilling_bytes", spillingBytes);
    map.put("spilled_bytes", spilledBytes);
    map.put("spilled_entries", spilledEntries);
    map.put("head_bytes", headBytes);
    map.put("offered_entries_total", offeredEntries);
    map.put("offered_bytes_total", offeredBytes);
    map.put("polled_entries_total", polledEntries);
    map.put("polled_bytes_total", polledBytes);
    map.put("dropped_entries_total", droppedEntries);
    map.put("dropped_bytes_total", droppedBytes);
    map.put("damaged_entries_total", damagedEntries);
    map.put("damaged_bytes_total", damagedBytes);
    map.put("spilled_bytes_total", spilledBytesTotal);
    map.put("fetched_bytes_total", fetchedBytesTotal);
    map.put("prefetch_hits_total", prefetchHits);
    map.put("prefetch_misses_total", prefetchMisses);
    map.put("disk_bytes", diskBytes);
    map.put("mapped_bytes", mappedBytes);
    map.put("store_memory_bytes", storeMemoryBytes);
    map.put("own_disk_bytes", ownDiskBytes);
    map.put("own_mapped_bytes", ownMappedBytes);
    map.put("store_state", storeState.name().toLowerCase(Locale.ROOT));
    map.put("store_message", storeMessage);
    map.put("store_failures_total", storeFailures);
    map.put("waiting_offers", waitingOffers);
    map.put("offer_wait_nanos_total", offerWaitNanos);
    return Collections.unmodifiableMap(map);
  }

  /** {@return whether what went in is what came out, what was dropped and what is still there} */
  public boolean isBalanced() {
    return offeredBytes
        == polledBytes + residentBytes + spillingBytes + spilledBytes + droppedBytes;
  }
}
