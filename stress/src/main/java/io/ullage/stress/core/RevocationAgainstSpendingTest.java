package io.ullage.stress.core;

import io.ullage.core.internal.Account;
import io.ullage.core.internal.BudgetLevel;
import io.ullage.core.internal.BudgetTree;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZJ_Result;

/**
 * Protocol step: a charge that finds no room revokes the credit that the other actor is spending,
 * by compare-and-set.
 *
 * <p>Forbidden: both charges granted, for together they are above the limit: the credit would have
 * been spent and revoked. Forbidden too: both refused, for each fits alone. Owner and revoker
 * replace the same word atomically, so one of them comes second and sees what the other did.
 */
@JCStressTest
@Outcome(id = "true, false, 1000", expect = Expect.ACCEPTABLE, desc = "the credit was spent first")
@Outcome(id = "false, true, 16777216", expect = Expect.ACCEPTABLE, desc = "it was revoked first")
@Outcome(expect = Expect.FORBIDDEN, desc = "spent twice, or a false refusal")
@State
public class RevocationAgainstSpendingTest {
  private static final long LIMIT_BYTES = 16L << 20;
  private static final int CALLS_UNTIL_CREDIT = 40;

  private final BudgetTree tree = new BudgetTree(System::nanoTime, null);
  private final BudgetLevel root = tree.level("root", null);
  private final Account spender = tree.account(tree.level("a", root));
  private final BudgetLevel revoker = tree.level("b", root);

  /** Opens a line of credit; from here on the actor is its only owner. */
  public RevocationAgainstSpendingTest() {
    tree.setLimitBytes(root, LIMIT_BYTES);
    for (int i = 0; i < CALLS_UNTIL_CREDIT; i++) {
      spender.tryCharge(1);
      spender.discharge(1);
    }
  }

  /** Spends credit. */
  @Actor
  public void spend(ZZJ_Result result) {
    result.r1 = spender.tryCharge(1000);
  }

  /** Needs all there is. */
  @Actor
  public void revoke(ZZJ_Result result) {
    result.r2 = tree.account(revoker).tryCharge(LIMIT_BYTES);
  }

  /** Reads what is reserved at rest. */
  @Arbiter
  public void atRest(ZZJ_Result result) {
    result.r3 = root.totalReservedBytes();
  }
}
