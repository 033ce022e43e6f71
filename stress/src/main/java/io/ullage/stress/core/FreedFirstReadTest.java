package io.ullage.stress.core;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJ_Result;

/**
 * Protocol step: a reader of a counter cell reads what was freed, then what was allocated.
 *
 * <p>Forbidden: more freed than allocated. The writer stores {@code allocated} before {@code
 * freed}, both with release; the reader's acquire load of {@code freed} therefore sees every
 * allocation that came before the free.
 */
@JCStressTest
@Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "before the allocation")
@Outcome(
    id = "0, 64",
    expect = Expect.ACCEPTABLE,
    desc = "between allocation and free, or a free not yet read")
@Outcome(id = "64, 64", expect = Expect.ACCEPTABLE, desc = "after the free")
@Outcome(id = "64, 0", expect = Expect.FORBIDDEN, desc = "live would be negative")
@State
public class FreedFirstReadTest {
  private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(long[].class);
  private static final int ALLOCATED = 0;
  private static final int FREED = 1;

  private final long[] cell = new long[2];

  /** Allocates 64 bytes and frees them. */
  @Actor
  public void writer() {
    CELL.setRelease(cell, ALLOCATED, 64L);
    CELL.setRelease(cell, FREED, 64L);
  }

  /** Reads freed first. */
  @Actor
  public void reader(JJ_Result result) {
    result.r1 = (long) CELL.getAcquire(cell, FREED);
    result.r2 = (long) CELL.getAcquire(cell, ALLOCATED);
  }
}
