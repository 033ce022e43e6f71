package io.ullage.lease.internal;

import io.ullage.lease.LeaseStoreException;
import io.ullage.lease.StoreFault;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Finds the records of one generation file, each search going on behind what the last one found.
 *
 * <p>Chronicle Map hands out the places of a segment in rising order and no key is ever removed, so
 * what is new lies behind what is known: a search for it costs the same however many records there
 * are. Nothing depends on that order but the cost: what is not found behind is looked for in front.
 *
 * <p>Used by one thread at a time.
 */
final class RecordSearch {
  private static final ValueLayout.OfLong LAYOUT =
      ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN);

  private static final long NONE = -1;

  private final MemorySegment memory;
  private final Path path;

  /** Behind the last record that was found. */
  private long searchFrom;

  /** A search that begins at the beginning of a file. */
  RecordSearch(MemorySegment memory, Path path) {
    this.memory = memory;
    this.path = path;
  }

  /** Begins at the beginning again. */
  void restart() {
    searchFrom = 0;
  }

  /**
   * Finds the next records that are ready.
   *
   * @param most how many at most; beyond them nothing is looked at
   * @param found told key and record
   * @return how many were found
   */
  long read(long most, BiConsumer<String, MappedLeaseRecord> found) {
    long count = 0;
    while (count < most) {
      long at = find(RecordLayout.READY, searchFrom, memory.byteSize());
      if (at == NONE) {
        break;
      }
      MappedLeaseRecord record = foundAt(at);
      found.accept(record.key(), record);
      count++;
    }
    return count;
  }

  /**
   * Finds the one record that has its place and is not ready yet.
   *
   * @return the record; null if there is none
   */
  @Nullable MappedLeaseRecord pending() {
    long at = find(RecordLayout.PENDING, searchFrom, memory.byteSize());
    if (at == NONE) {
      at = find(RecordLayout.PENDING, 0, searchFrom);
    }
    return at == NONE ? null : foundAt(at);
  }

  private MappedLeaseRecord foundAt(long at) {
    searchFrom = at + RecordLayout.BYTES;
    return new MappedLeaseRecord(memory, at);
  }

  private long find(long magic, long from, long to) {
    long end = Math.min(to, memory.byteSize() - RecordLayout.BYTES + 1);
    try {
      for (long at = from; at < end; at += Long.BYTES) {
        if (memory.get(LAYOUT, at) == magic) {
          return at;
        }
      }
    } catch (InternalError e) {
      throw new LeaseStoreException(
          StoreFault.DAMAGED, "the lease store's file " + path + " was cut short", e);
    }
    return NONE;
  }
}
