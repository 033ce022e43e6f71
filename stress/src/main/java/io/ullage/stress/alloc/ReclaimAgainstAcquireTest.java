package io.ullage.stress.alloc;

import io.ullage.alloc.DetachedSegment;
import io.ullage.alloc.PooledSegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * Protocol step: the slots of an ended thread are inherited while another acquires.
 *
 * <p>Forbidden: one slot is handed out twice, so that one of two holders reads what the other
 * wrote. Both hold what they acquired until both are done. Each ledger entry is struck out inside
 * the bracket of the ended thread's cache, so it is inherited once; then its slot is in one cache
 * or depot at a time.
 */
@JCStressTest
@Outcome(id = "1, 2", expect = Expect.ACCEPTABLE, desc = "each has slots of its own")
@Outcome(expect = Expect.FORBIDDEN, desc = "one wrote into the other's slot")
@State
public class ReclaimAgainstAcquireTest {
  private static final int LEFT = 4;
  private final Holdings reclaimers = new Holdings(1);
  private final Holdings acquirers = new Holdings(2);

  /** Leaves slots behind with a thread that ends. */
  public ReclaimAgainstAcquireTest() {
    try {
      Thread.ofPlatform().start(ReclaimAgainstAcquireTest::leave).join();
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  private static void leave() {
    for (int each = 0; each < LEFT; each++) {
      Pools.SEGMENTS.acquire(Pools.TOKEN, 64);
    }
  }

  /** Reclaims, and acquires. */
  @Actor
  public void reclaimer() {
    Pools.CHUNKS.trim().join();
    reclaimers.acquire();
  }

  /** Acquires. */
  @Actor
  public void acquirer() {
    acquirers.acquire();
  }

  /** Reads what both wrote. */
  @Arbiter
  public void arbiter(II_Result result) {
    result.r1 = reclaimers.readAndClose();
    result.r2 = acquirers.readAndClose();
  }

  /** Buffers of one thread, all with the same number in them. */
  static final class Holdings {
    private final @Nullable DetachedSegment[] handles = new DetachedSegment[LEFT];
    private final int number;

    Holdings(int number) {
      this.number = number;
    }

    void acquire() {
      for (int each = 0; each < LEFT; each++) {
        PooledSegment segment = Pools.SEGMENTS.acquire(Pools.TOKEN, 64);
        segment.segment().set(ValueLayout.JAVA_INT, 0, number);
        handles[each] = segment.detach();
      }
    }

    /** The number, or 0 if a buffer holds another. */
    int readAndClose() {
      int read = number;
      for (DetachedSegment handle : handles) {
        if (handle != null) {
          try (PooledSegment segment = handle.attach()) {
            read = segment.segment().get(ValueLayout.JAVA_INT, 0) == number ? read : 0;
          }
        }
      }
      return read;
    }
  }
}
