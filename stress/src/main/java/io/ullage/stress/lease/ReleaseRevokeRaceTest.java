package io.ullage.stress.lease;

import io.ullage.lease.internal.HeapLeaseRecord;
import io.ullage.lease.internal.LeaseWord;
import io.ullage.lease.internal.OwnerWord;
import io.ullage.lease.internal.RecordProtocol;
import java.util.Objects;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZII_Result;

/**
 * Protocol step: an operator revokes a lease while its owner gives it back.
 *
 * <p>Forbidden: the record is not free afterwards. A release that meets REVOKED tries again from
 * there, and a revocation that meets FREE does nothing.
 */
@JCStressTest
@Outcome(id = "true, 1, 0", expect = Expect.ACCEPTABLE, desc = "revoked, then given back")
@Outcome(id = "true, 0, 0", expect = Expect.ACCEPTABLE, desc = "given back, nothing to revoke")
@Outcome(expect = Expect.FORBIDDEN, desc = "the record is not free")
@State
public class ReleaseRevokeRaceTest {
  private static final long NOW = 1_000;
  private static final long TTL = 30_000;

  private final HeapLeaseRecord record = new HeapLeaseRecord(0);
  private final RecordProtocol owner =
      new RecordProtocol(OwnerWord.process(1, 1), process -> false, token -> {});
  private final int generation =
      Objects.requireNonNull(owner.acquire(record, NOW, TTL, "", false)).generation();
  private final RecordProtocol operator =
      new RecordProtocol(OwnerWord.process(2, 1), process -> false, token -> {});

  /** The owner gives back. */
  @Actor
  public void release(ZII_Result result) {
    result.r1 = owner.release(record, generation);
  }

  /** The operator revokes. */
  @Actor
  public void revoke(ZII_Result result) {
    result.r2 = operator.revoke(record, NOW, "reason") ? 1 : 0;
  }

  /** What became of the record. */
  @Arbiter
  public void state(ZII_Result result) {
    result.r3 = LeaseWord.state(record.wordVolatile());
  }
}
