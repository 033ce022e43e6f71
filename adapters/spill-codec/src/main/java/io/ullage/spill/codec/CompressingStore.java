package io.ullage.spill.codec;

import io.ullage.spill.SpillSession;
import io.ullage.spill.SpillStore;
import io.ullage.spill.StoreUsage;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A store that compresses each entry and leaves the keeping to another store: in files for more
 * queue on the same disk, or over a {@link io.ullage.spill.HeapStore} that charges a component, for
 * compression in memory.
 *
 * <p>Entries that do not become smaller are stored as they are. Compressing happens on the spilling
 * thread of the queue, decompressing on its fetching thread, each with some memory of its own that
 * {@link #usage()} counts. Entries of up to 1 GiB are compressed, larger ones stored as they are.
 * Thread-safe.
 */
public final class CompressingStore implements SpillStore {
  private final SpillStore inner;
  private final Compression compression;
  private final AtomicLong scratchBytes = new AtomicLong();
  private final AtomicLong originalBytes = new AtomicLong();
  private final AtomicLong storedBytes = new AtomicLong();

  /**
   * Puts compression before a store.
   *
   * @param inner the store that keeps the bytes; closed with this one
   * @param compression how entries are compressed
   */
  public CompressingStore(SpillStore inner, Compression compression) {
    this.inner = Objects.requireNonNull(inner, "inner");
    this.compression = Objects.requireNonNull(compression, "compression");
  }

  @Override
  public SpillSession open(long queueId) throws IOException {
    return new CompressingSession(this, inner.open(queueId), compression);
  }

  @Override
  public StoreUsage usage() {
    StoreUsage usage = inner.usage();
    return new StoreUsage(
        usage.diskBytes(), usage.mappedBytes(), usage.memoryBytes() + scratchBytes.get());
  }

  /** {@return the bytes of entries ever spilled, before compression} */
  public long originalBytesTotal() {
    return originalBytes.get();
  }

  /** {@return the bytes of entries ever spilled, as the other store got them} */
  public long storedBytesTotal() {
    return storedBytes.get();
  }

  void scratchGrew(long bytes) {
    scratchBytes.addAndGet(bytes);
  }

  void stored(long original, long compressed) {
    originalBytes.addAndGet(original);
    storedBytes.addAndGet(compressed);
  }

  @Override
  public void close() {
    inner.close();
  }
}
