package io.ullage.stress.lease;

import io.ullage.lease.RenewalOutcome;
import io.ullage.lease.internal.HeapLeaseRecord;
import io.ullage.lease.internal.OwnerWord;
import io.ullage.lease.internal.RecordProtocol;
import java.util.Objects;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/**
 * Protocol step: an owner that read its clock just before the deadline renews, while another, whose
 * clock has passed it, takes over.
 *
 * <p>Forbidden: both succeed. Deadline and generation are one word, which both replace by
 * compare-and-set from the value in which they saw the deadline.
 */
@JCStressTest
@Outcome(
    id = {"true, false", "false, true"},
    expect = Expect.ACCEPTABLE,
    desc = "renewed or taken over")
@Outcome(expect = Expect.FORBIDDEN, desc = "both or neither")
@State
public class RenewTakeoverRaceTest {
  private static final long START = 1_000;
  private static final long TTL = 100;

  private final HeapLeaseRecord record = new HeapLeaseRecord(0);
  private final RecordProtocol owner = protocol(1);
  private final RecordProtocol other = protocol(2);
  private final int generation =
      Objects.requireNonNull(owner.acquire(record, START, TTL, "", false)).generation();

  private static RecordProtocol protocol(int slot) {
    return new RecordProtocol(OwnerWord.process(slot, 1), process -> false, token -> {});
  }

  /** The owner, whose clock reads one less than the deadline. */
  @Actor
  public void renew(ZZ_Result result) {
    result.r1 = owner.renew(record, generation, START + TTL - 1, TTL) == RenewalOutcome.HELD;
  }

  /** The other, whose clock reads one more. */
  @Actor
  public void takeOver(ZZ_Result result) {
    result.r2 = other.acquire(record, START + TTL + 1, TTL, "", false) != null;
  }
}
