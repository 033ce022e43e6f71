package io.ullage.stress.alloc;

import io.ullage.alloc.UnguardedBlock;
import java.lang.foreign.ValueLayout;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * Protocol step: two threads free one {@link UnguardedBlock}, and each allocates another.
 *
 * <p>Forbidden: both succeed, so that the slot is free twice and two new blocks share it; or
 * neither, so that it is lost. The block's tenancy goes from {@code READY} to {@code BUSY} by one
 * compare-and-set. Each thread writes its own number into its new block; a slot that was given
 * twice shows as one number in both.
 */
@JCStressTest
@Outcome(
    id = {"1, 0, 3", "0, 1, 3"},
    expect = Expect.ACCEPTABLE,
    desc = "freed once, and each new block is its owner's")
@Outcome(expect = Expect.FORBIDDEN, desc = "freed twice, or never, or a slot in use twice")
@State
public class BlockFreedTwiceTest {
  private final UnguardedBlock block = allocate(0);
  private final UnguardedBlock[] next = new UnguardedBlock[2];

  /** Frees the block, and allocates one. */
  @Actor
  public void first(III_Result result) {
    result.r1 = free();
    next[0] = allocate(1);
  }

  /** Frees the block, and allocates one. */
  @Actor
  public void second(III_Result result) {
    result.r2 = free();
    next[1] = allocate(2);
  }

  /** Adds up what the new blocks hold, and frees them. */
  @Arbiter
  public void arbiter(III_Result result) {
    for (UnguardedBlock each : next) {
      result.r3 += each.segment().get(ValueLayout.JAVA_INT, 0);
      each.free();
    }
  }

  private int free() {
    try {
      block.free();
      return 1;
    } catch (IllegalStateException _) {
      return 0;
    }
  }

  private static UnguardedBlock allocate(int number) {
    UnguardedBlock allocated = UnguardedBlock.allocate(Pools.CHUNKS, Pools.TOKEN, 64, 1);
    allocated.segment().set(ValueLayout.JAVA_INT, 0, number);
    return allocated;
  }
}
