package io.ullage.stress.core;

import io.ullage.core.internal.Account;
import io.ullage.core.internal.AsymmetricFence;
import io.ullage.core.internal.BudgetLevel;
import io.ullage.core.internal.BudgetTree;
import io.ullage.core.internal.Membarrier;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZJ_Result;

/**
 * Protocol step: a line of credit that its owner uses without any fence is closed by another
 * thread.
 *
 * <p>Forbidden: that the owner's charge is granted from credit which the revoker also took. The
 * owner stores busy and then loads closing; the revoker stores closing and then loads busy. The
 * revoker's membarrier stands for the full barrier between store and load on both sides: without it
 * both could miss the other.
 */
@JCStressTest
@Outcome(id = "true, 100", expect = Expect.ACCEPTABLE, desc = "spent, then the rest was revoked")
@Outcome(id = "false, 0", expect = Expect.ACCEPTABLE, desc = "revoked, then not spent")
@Outcome(expect = Expect.FORBIDDEN, desc = "spent and revoked")
@State
public class FencedRevocationTest {
  private static final AsymmetricFence FENCE =
      Membarrier.register().orElseThrow(() -> new IllegalStateException("no membarrier here"));

  private static final int CALLS_UNTIL_CREDIT = 40;

  private final BudgetTree tree = new BudgetTree(System::nanoTime, FENCE);
  private final BudgetLevel level = tree.level("root", null);
  private final Account account = tree.account(level);

  /** Opens a line of credit; from here on the actor is its only owner. */
  public FencedRevocationTest() {
    for (int i = 0; i < CALLS_UNTIL_CREDIT; i++) {
      account.tryCharge(1);
      account.discharge(1);
    }
  }

  /** Spends from the credit. */
  @Actor
  public void spend(ZJ_Result result) {
    result.r1 = account.tryChargeCredit(100);
  }

  /** Takes the credit, because the limit sinks below it. */
  @Actor
  public void revoke() {
    tree.setLimitBytes(level, 0);
  }

  /** Reads what stays granted: what was spent. */
  @Arbiter
  public void atRest(ZJ_Result result) {
    result.r2 = level.grantedBytes();
  }
}
