package io.ullage.spill;

/**
 * A store's handle for consecutive entries that it holds.
 *
 * <p>The queue keeps it and gives it back to the {@link SpillSession} that made it; what is in it
 * is the store's own business.
 */
public interface SpilledRun {
  /** {@return how many entries the store took: at least 1, at most as many as it was offered} */
  int takenEntries();
}
