package io.ullage.stress.alloc;

import io.ullage.alloc.ChunkPool;
import io.ullage.alloc.DetachedSegment;
import io.ullage.alloc.PooledSegment;
import io.ullage.alloc.SegmentPool;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * Protocol step: a trim takes the free slots out of a thread's cache while that thread uses it.
 *
 * <p>Forbidden: a slot is handed out although the trim has given it back (it would be unmapped
 * under its user, or be handed out twice). The owner's use and the revoker's action exclude each
 * other by the bracket of {@code Revocable}, here through the whole pool.
 */
@JCStressTest
@Outcome(id = "3", expect = Expect.ACCEPTABLE, desc = "three slots in use, each its own")
@Outcome(expect = Expect.FORBIDDEN, desc = "a slot was handed out twice")
@State
public class TrimAgainstAcquireTest {
  private static final ChunkPool CHUNKS =
      ChunkPool.builder(Pools.REGISTRY).leakListener(leak -> {}).build();
  private static final SegmentPool SEGMENTS = SegmentPool.over(CHUNKS);

  private final @Nullable DetachedSegment[] held = new DetachedSegment[3];

  /** Uses the cache: slots come, go, and come again. */
  @Actor
  public void user() {
    for (int each = 0; each < held.length; each++) {
      SEGMENTS.acquire(Pools.TOKEN, 64).close();
      PooledSegment segment = SEGMENTS.acquire(Pools.TOKEN, 64);
      segment.segment().set(ValueLayout.JAVA_INT, 0, each);
      held[each] = segment.detach();
    }
  }

  /** Takes all free slots. */
  @Actor
  public void trimmer() {
    CHUNKS.trim().join();
  }

  /** Counts the slots that hold what was written. */
  @Arbiter
  public void arbiter(I_Result result) {
    for (int each = 0; each < held.length; each++) {
      DetachedSegment handle = held[each];
      if (handle != null) {
        try (PooledSegment segment = handle.attach()) {
          result.r1 += segment.segment().get(ValueLayout.JAVA_INT, 0) == each ? 1 : 0;
        }
      }
    }
  }
}
