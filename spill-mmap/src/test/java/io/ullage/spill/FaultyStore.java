package io.ullage.spill;

import java.io.IOException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** A store in front of another that fails where a test says so. */
final class FaultyStore implements SpillStore {
  private final SpillStore inner;
  final AtomicInteger spills = new AtomicInteger();
  final AtomicInteger fetches = new AtomicInteger();
  volatile IntPredicate spillFails = call -> false;
  volatile IntPredicate fetchFails = call -> false;
  volatile IntPredicate takesOnlyOne = call -> false;
  volatile @Nullable RuntimeException spillThrows;

  /** Each spill needs a permit. */
  final Semaphore spillPermits = new Semaphore(0);

  volatile boolean held;

  FaultyStore(SpillStore inner) {
    this.inner = inner;
  }

  @Override
  public SpillSession open(long queueId) throws IOException {
    return new FaultySession(inner.open(queueId));
  }

  @Override
  public StoreUsage usage() {
    return inner.usage();
  }

  @Override
  public void close() {
    inner.close();
  }

  private final class FaultySession implements SpillSession {
    private final SpillSession session;

    FaultySession(SpillSession session) {
      this.session = session;
    }

    @Override
    public SpilledRun spill(SpillBatch batch) throws IOException {
      int call = spills.getAndIncrement();
      if (held) {
        spillPermits.acquireUninterruptibly();
      }
      RuntimeException thrown = spillThrows;
      if (thrown != null) {
        throw thrown;
      }
      if (spillFails.test(call)) {
        throw new IOException("injected at spill " + call);
      }
      if (takesOnlyOne.test(call) && batch.count() > 1) {
        return session.spill(
            SpillBatch.framed(
                batch.firstSequence(),
                batch.frame().orElseThrow(),
                new long[] {batch.byteSize(0)},
                1));
      }
      return session.spill(batch);
    }

    @Override
    public int fetch(SpilledRun run, FetchTarget target) throws IOException {
      int call = fetches.getAndIncrement();
      if (fetchFails.test(call)) {
        throw new IOException("injected at fetch " + call);
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
