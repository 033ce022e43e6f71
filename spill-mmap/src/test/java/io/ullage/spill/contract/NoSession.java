package io.ullage.spill.contract;

import io.ullage.spill.FetchTarget;
import io.ullage.spill.SpillBatch;
import io.ullage.spill.SpillSession;
import io.ullage.spill.SpilledRun;

/** Stands for the session before the store is opened. */
final class NoSession implements SpillSession {
  @Override
  public SpilledRun spill(SpillBatch batch) {
    throw new IllegalStateException("not opened");
  }

  @Override
  public int fetch(SpilledRun run, FetchTarget target) {
    throw new IllegalStateException("not opened");
  }

  @Override
  public long discardFirst(SpilledRun run, int entries) {
    throw new IllegalStateException("not opened");
  }

  @Override
  public void release(SpilledRun run) {}

  @Override
  public void close() {}
}
