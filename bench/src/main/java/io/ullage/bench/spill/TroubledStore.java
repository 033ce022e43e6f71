package io.ullage.bench.spill;

import io.ullage.spill.FetchTarget;
import io.ullage.spill.HeapStore;
import io.ullage.spill.SpillBatch;
import io.ullage.spill.SpillSession;
import io.ullage.spill.SpillStore;
import io.ullage.spill.SpilledRun;
import io.ullage.spill.StoreUsage;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** A store in memory that takes its time to write, or cannot read. */
final class TroubledStore implements SpillStore {
  private final HeapStore sound = new HeapStore();
  private final boolean readable;
  private volatile long writeMillis;

  TroubledStore(boolean readable) {
    this.readable = readable;
  }

  void writesTake(long millis) {
    writeMillis = millis;
  }

  @Override
  public SpillSession open(long queueId) throws IOException {
    return new Session(sound.open(queueId));
  }

  @Override
  public StoreUsage usage() {
    return sound.usage();
  }

  @Override
  public void close() {
    sound.close();
  }

  private final class Session implements SpillSession {
    private final SpillSession session;

    Session(SpillSession session) {
      this.session = session;
    }

    @Override
    public SpilledRun spill(SpillBatch batch) throws IOException {
      try {
        TimeUnit.MILLISECONDS.sleep(writeMillis);
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
      return session.spill(batch);
    }

    @Override
    public int fetch(SpilledRun run, FetchTarget target) throws IOException {
      if (!readable) {
        throw new IOException("this store cannot be read");
      }
      return session.fetch(run, target);
    }

    @Override
    public long discardFirst(SpilledRun run, int entries) {
      return session.discardFirst(run, entries);
    }

    @Override
    public void release(SpilledRun run) {
      session.release(run);
    }

    @Override
    public void close() {
      session.close();
    }
  }
}
