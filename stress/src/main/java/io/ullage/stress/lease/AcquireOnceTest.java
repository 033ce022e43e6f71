package io.ullage.stress.lease;

import io.ullage.lease.HeapLeaseStore;
import io.ullage.lease.LeaseGrant;
import io.ullage.lease.LeaseRequest;
import io.ullage.lease.LeaseStore;
import java.time.Duration;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/**
 * Protocol step: two threads ask for a free key at once, by the record protocol that the shared
 * store uses too.
 *
 * <p>Forbidden: both are granted the key, or nobody. The record's word leaves FREE by one
 * compare-and-set on generation, state and deadline together; who loses it has not written
 * anything.
 */
@JCStressTest
@Outcome(
    id = {"true, false", "false, true"},
    expect = Expect.ACCEPTABLE,
    desc = "one holder")
@Outcome(id = "true, true", expect = Expect.FORBIDDEN, desc = "two holders")
@Outcome(id = "false, false", expect = Expect.FORBIDDEN, desc = "a free key that nobody gets")
@State
public class AcquireOnceTest {
  private static final LeaseRequest REQUEST =
      new LeaseRequest("key", Duration.ofHours(1).toNanos(), "", false);

  private final LeaseStore store = new HeapLeaseStore();

  /** Asks. */
  @Actor
  public void first(ZZ_Result result) {
    LeaseGrant grant = store.tryAcquire(REQUEST);
    result.r1 = grant != null;
  }

  /** Asks as well. */
  @Actor
  public void second(ZZ_Result result) {
    LeaseGrant grant = store.tryAcquire(REQUEST);
    result.r2 = grant != null;
  }
}
