package io.ullage.stress.alloc;

import io.ullage.alloc.PooledSegment;
import java.lang.foreign.ValueLayout;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * Protocol step: the slots of an ended thread are inherited while another acquires.
 *
 * <p>Forbidden: one slot is handed out twice. Each ledger entry is struck out inside the bracket of
 * the ended thread's cache, so it is inherited once; then its slot is in one cache or depot at a
 * time.
 */
@JCStressTest
@Outcome(id = "1, 2", expect = Expect.ACCEPTABLE, desc = "two slots, two owners")
@Outcome(expect = Expect.FORBIDDEN, desc = "one wrote into the other's slot")
@State
public class ReclaimAgainstAcquireTest {
  /** Leaves a slot behind with a thread that ends. */
  public ReclaimAgainstAcquireTest() {
    try {
      Thread.ofPlatform().start(() -> Pools.SEGMENTS.acquire(Pools.TOKEN, 64)).join();
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  /** Reclaims, and uses a slot. */
  @Actor
  public void reclaimer(II_Result result) {
    Pools.CHUNKS.trim().join();
    result.r1 = use(1);
  }

  /** Uses a slot. */
  @Actor
  public void acquirer(II_Result result) {
    result.r2 = use(2);
  }

  private static int use(int value) {
    try (PooledSegment segment = Pools.SEGMENTS.acquire(Pools.TOKEN, 64)) {
      segment.segment().set(ValueLayout.JAVA_INT, 0, value);
      return segment.segment().get(ValueLayout.JAVA_INT, 0);
    }
  }
}
