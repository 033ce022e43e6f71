package io.ullage.spill;

import java.io.IOException;

/**
 * Where spilled bytes go. Thread-safe; one store may serve many queues.
 *
 * <p>Shipped are {@link MappedFileStore} and {@link HeapStore}. To write another, implement this
 * interface and {@link SpillSession}.
 */
public interface SpillStore extends AutoCloseable {
  /**
   * Opens the store for one queue.
   *
   * @param queueId a number that no other queue of this process has
   * @return the session
   * @throws IOException when the store cannot be used
   */
  SpillSession open(long queueId) throws IOException;

  /** {@return what the store holds now, over all its queues} */
  StoreUsage usage();

  /** Gives everything back; sessions that are still open fail from now on. Idempotent. */
  @Override
  void close();
}
