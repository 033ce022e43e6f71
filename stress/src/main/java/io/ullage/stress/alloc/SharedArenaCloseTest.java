package io.ullage.stress.alloc;

import io.ullage.alloc.ComponentArena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IJ_Result;

/**
 * Protocol step: a shared arena's close and its allocations exclude one another by its lock.
 *
 * <p>Forbidden: a block is taken by an arena that is closed, and never given back. The allocation
 * asks under the lock whether the arena is open; the close ends its scope and gives the blocks back
 * under the same lock. A segment allocated before may be closed at any later instant: then its use
 * throws.
 */
@JCStressTest
@Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "allocated and written")
@Outcome(id = "2, 0", expect = Expect.ACCEPTABLE, desc = "allocated, and closed before the write")
@Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "closed first")
@Outcome(expect = Expect.FORBIDDEN, desc = "a block was taken and not given back")
@State
public class SharedArenaCloseTest {
  private final ComponentArena arena = ComponentArena.ofShared(Pools.CHUNKS, Pools.TOKEN);

  /** Allocates and writes. */
  @Actor
  public void allocator(IJ_Result result) {
    MemorySegment segment;
    try {
      segment = arena.allocate(8, 8);
    } catch (IllegalStateException _) {
      result.r1 = 0;
      return;
    }
    try {
      segment.set(ValueLayout.JAVA_LONG, 0, 1);
      result.r1 = 1;
    } catch (IllegalStateException _) {
      result.r1 = 2;
    }
  }

  /** Closes the arena. */
  @Actor
  public void closer() {
    arena.close();
  }

  /** Reads what it is still charged. */
  @Arbiter
  public void arbiter(IJ_Result result) {
    result.r2 = arena.chargedBytes();
  }
}
