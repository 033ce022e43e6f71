package io.ullage.stress.spill;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/**
 * Protocol step: a writer appends and a reader polls while the queue's own threads spill and fetch
 * what lies between.
 *
 * <p>Forbidden: an entry out of its order, lost, or with other bytes. All changes of place happen
 * under the queue's lock; the copy made for spilling is published by a release store of the entry's
 * state, which the reader loads with acquire.
 */
@JCStressTest
@Outcome(id = "true, true", expect = Expect.ACCEPTABLE, desc = "the next entry, or none yet")
@Outcome(expect = Expect.FORBIDDEN, desc = "an entry is out of order, lost or damaged")
@State
public class OfferPollOrderTest {
  private static final NumberQueue SHARED = NumberQueue.open(null);

  /** Appends the next number. */
  @Actor
  public void writer(ZZ_Result result) {
    result.r1 = SHARED.offerNext();
  }

  /** Polls twice, so that the queue does not grow from state to state. */
  @Actor
  public void reader(ZZ_Result result) {
    boolean first = SHARED.pollNext();
    result.r2 = SHARED.pollNext() && first;
  }
}
