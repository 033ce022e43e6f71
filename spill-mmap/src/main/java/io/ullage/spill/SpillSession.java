package io.ullage.spill;

import java.io.IOException;

/**
 * One queue's side of a {@link SpillStore}.
 *
 * <p>The queue calls {@link #spill} from one thread at a time, and {@link #fetch}, {@link
 * #discardFirst} and {@link #release} from one other thread at a time; never from a caller of the
 * queue, never under its lock. {@link #close} comes last, from either.
 */
public interface SpillSession extends AutoCloseable {
  /**
   * Says how large a batch of several entries should be at most.
   *
   * @return bytes of a frame; the default is no bound of the store's own
   */
  default long largestBatchBytes() {
    return Long.MAX_VALUE;
  }

  /**
   * Stores the batch, or the first part of it.
   *
   * @param batch the entries
   * @return the handle; it says how many entries were taken
   * @throws StoreFullException when there is no room: nothing was taken
   * @throws IOException when the medium failed: nothing was taken
   */
  SpilledRun spill(SpillBatch batch) throws IOException;

  /**
   * Brings entries of the run back in order, until the target wants no more or the run is
   * exhausted. What was committed is gone from the run; when it fails, the entry that failed and
   * all behind it are still there, in order.
   *
   * @param target where the entries go
   * @param run the handle
   * @return the number of entries committed
   * @throws SpillDamageException when the next entry is not what was stored
   * @throws IOException when the medium failed; the call may be repeated
   */
  int fetch(SpilledRun run, FetchTarget target) throws IOException;

  /**
   * Drops the next {@code entries} of the run without fetching them; the run may end with it.
   *
   * @param run the handle
   * @param entries how many entries
   * @return the sum of their sizes in bytes, damaged ones included
   */
  long discardFirst(SpilledRun run, int entries);

  /**
   * Drops all that is left of the run.
   *
   * @param run the handle
   */
  void release(SpilledRun run);

  /**
   * {@return what this session's entries take, of which {@link SpillStore#usage} is the sum and
   * what is kept for later use; {@link StoreUsage#EMPTY} where the store does not tell}
   * Thread-safe.
   */
  default StoreUsage usage() {
    return StoreUsage.EMPTY;
  }

  /** Gives back what this side still holds. Idempotent. */
  @Override
  void close();
}
