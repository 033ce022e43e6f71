package io.ullage.stress.spill;

import io.ullage.alloc.ChunkPool;
import io.ullage.alloc.DetachedSegment;
import io.ullage.alloc.PooledSegment;
import io.ullage.core.ComponentRegistry;
import io.ullage.spill.EagerPolicy;
import io.ullage.spill.HeapStore;
import io.ullage.spill.PrefetchPolicy;
import io.ullage.spill.SpillQueue;
import io.ullage.spill.SpillWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/**
 * Protocol step: the reader takes entries while the fetching thread inserts those that it has
 * brought back ahead of it.
 *
 * <p>Forbidden: an entry out of its order, lost, or with other bytes. The fetching thread reads a
 * run without the lock and inserts its entries under it, in the place of the run, which nobody else
 * may take away meanwhile: the reader stops before a run, and dropping passes over the one that is
 * being fetched.
 */
@JCStressTest
@Outcome(id = "true, true", expect = Expect.ACCEPTABLE, desc = "the next entry, or none yet")
@Outcome(expect = Expect.FORBIDDEN, desc = "an entry is out of order, lost or damaged")
@State
public class PrefetchAgainstConsumeTest {
  private static final Shared SHARED = Shared.open();

  /** Appends two numbers, of which one is spilled at once. */
  @Actor
  public void writer(ZZ_Result result) {
    boolean first = SHARED.offerNext();
    result.r1 = SHARED.offerNext() && first;
  }

  /** Polls thrice, so that the queue does not grow from state to state. */
  @Actor
  public void reader(ZZ_Result result) {
    boolean first = SHARED.pollNext();
    boolean second = SHARED.pollNext();
    result.r2 = SHARED.pollNext() && first && second;
  }

  /**
   * One queue for all the states of a fork, since a queue has threads of its own. Each actor keeps
   * its own count, and no two actors of one kind run at once.
   */
  private static final class Shared {
    private final SpillQueue queue;
    private final SpillWriter writer;
    private final MemorySegment number = Arena.ofAuto().allocate(ValueLayout.JAVA_LONG);
    private volatile long offered;
    private volatile long polled;

    private Shared(SpillQueue queue) {
      this.queue = queue;
      this.writer = queue.writer();
    }

    static Shared open() {
      ComponentRegistry registry = ComponentRegistry.builder().withoutCounterFile().build();
      try {
        return new Shared(
            SpillQueue.builder(ChunkPool.open(registry), registry.component("stress").token())
                .store(new HeapStore())
                .spillPolicy(new EagerPolicy())
                .prefetchPolicy(PrefetchPolicy.budget(1 << 20))
                .build());
      } catch (IOException impossible) {
        throw new UncheckedIOException(impossible);
      }
    }

    boolean offerNext() {
      long next = offered;
      number.set(ValueLayout.JAVA_LONG, 0, next);
      try {
        writer.offer(number);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        return false;
      }
      offered = next + 1;
      return true;
    }

    boolean pollNext() {
      DetachedSegment handle = queue.poll();
      if (handle == null) {
        return true;
      }
      long expected = polled;
      polled = expected + 1;
      try (PooledSegment segment = handle.attach()) {
        return segment.byteSize() == Long.BYTES
            && segment.segment().get(ValueLayout.JAVA_LONG, 0) == expected;
      }
    }
  }
}
