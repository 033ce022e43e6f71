package io.ullage.stress.alloc;

import io.ullage.alloc.ChunkPool;
import io.ullage.alloc.SegmentPool;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IJ_Result;

/**
 * Protocol step: closing a pool closes every cache inside its bracket.
 *
 * <p>Forbidden: bytes stay committed after both are done. A slot that is given back before the
 * close of its cache is flushed by it; one that comes later finds {@code closed} and goes to its
 * depot, and an empty chunk of a closed depot is unmapped. Both happen in one bracket, so no slot
 * falls between.
 */
@JCStressTest
@Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "acquired before the close")
@Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "refused")
@Outcome(expect = Expect.FORBIDDEN, desc = "memory is left behind")
@State
public class DetachAgainstPoolCloseTest {
  private final ChunkPool chunks = ChunkPool.open(Pools.REGISTRY);
  private final SegmentPool pool = SegmentPool.over(chunks);

  /** Acquires, detaches, discards. */
  @Actor
  public void user(IJ_Result result) {
    try {
      pool.acquire(Pools.TOKEN, 64).detach().discard();
      result.r1 = 1;
    } catch (IllegalStateException _) {
      result.r1 = 0;
    }
  }

  /** Closes the pool. */
  @Actor
  public void closer() {
    chunks.close();
  }

  /** Reads what is left. */
  @Arbiter
  public void arbiter(IJ_Result result) {
    result.r2 = chunks.statistics().committedBytes();
  }
}
