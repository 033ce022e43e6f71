package io.ullage.stress.spill;

import io.ullage.spill.PrefetchPolicy;
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
  private static final NumberQueue SHARED = NumberQueue.open(PrefetchPolicy.budget(1 << 20));

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
}
