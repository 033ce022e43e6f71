package io.ullage.stress.core;

import io.ullage.core.internal.BudgetLevel;
import io.ullage.core.internal.BudgetTree;
import io.ullage.core.internal.Refusal;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.J_Result;

/**
 * Protocol step: external bytes are the difference of two counters that only grow, and a reader
 * takes neither's lock.
 *
 * <p>Forbidden: a difference that there never was. The reader loads what went, what came, and what
 * went once more, all with acquire; if the two are the same, the loads between them are of one
 * moment, else it reads again. Without the second look 192 came is set against 0 went.
 */
@JCStressTest
@Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "before the first, or when that went")
@Outcome(id = "64", expect = Expect.ACCEPTABLE, desc = "the first is there")
@Outcome(id = "128", expect = Expect.ACCEPTABLE, desc = "the second is there")
@Outcome(expect = Expect.FORBIDDEN, desc = "never so many, or less than nothing")
@State
public class ExternalBytesReadTest {
  private final BudgetTree tree = new BudgetTree(System::nanoTime, null);
  private final BudgetLevel level = tree.level("root", null);
  private final Refusal refusal = new Refusal();

  /** 64 bytes come and go, 128 come. */
  @Actor
  public void writer() {
    boolean all =
        tree.tryAddExternal(level, 64, refusal, true)
            && tree.tryAddExternal(level, -64, refusal, true)
            && tree.tryAddExternal(level, 128, refusal, true);
    if (!all) {
      throw new IllegalStateException("there is no limit");
    }
  }

  /** Reads without the lock. */
  @Actor
  public void reader(J_Result result) {
    result.r1 = level.externalBytes();
  }
}
