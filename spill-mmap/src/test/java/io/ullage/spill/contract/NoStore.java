package io.ullage.spill.contract;

import io.ullage.spill.SpillSession;
import io.ullage.spill.SpillStore;
import io.ullage.spill.StoreUsage;

/** Stands for the store before it is opened. */
final class NoStore implements SpillStore {
  @Override
  public SpillSession open(long queueId) {
    return new NoSession();
  }

  @Override
  public StoreUsage usage() {
    return StoreUsage.EMPTY;
  }

  @Override
  public void close() {}
}
