package io.ullage.stress.core;

import io.ullage.core.internal.Account;
import io.ullage.core.internal.BudgetLevel;
import io.ullage.core.internal.BudgetTree;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJ_Result;

/**
 * Protocol step: the cells of a thread that has ended are added to the base cell, and its account
 * leaves the list.
 *
 * <p>Forbidden: a reader that counts the cells twice or not at all. The fold stores an odd sequence
 * before it changes anything (store-store fence) and an even one after (release); the reader loads
 * the sequence before (acquire) and after the cells (acquire fence) and reads again unless both are
 * the same even number.
 */
@JCStressTest
@Outcome(id = "64, 192", expect = Expect.ACCEPTABLE, desc = "freed and allocated of both threads")
@Outcome(expect = Expect.FORBIDDEN, desc = "counted twice or not at all")
@State
public class FoldAgainstReaderTest {
  private final BudgetTree tree = new BudgetTree(System::nanoTime, null);
  private final BudgetLevel level = tree.level("root", null);

  /** One thread charges, discharges and ends; this one charges and stays. */
  public FoldAgainstReaderTest() {
    Thread ended =
        Thread.ofPlatform()
            .start(
                () -> {
                  Account account = tree.account(level);
                  account.tryCharge(128);
                  account.discharge(64);
                });
    boolean joined = false;
    while (!joined) {
      try {
        ended.join();
        joined = true;
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
    tree.account(level).tryCharge(64);
  }

  /** Folds. */
  @Actor
  public void fold() {
    tree.foldEndedThreads();
  }

  /** Reads all cells. */
  @Actor
  public void read(JJ_Result result) {
    long[] cells = new long[4];
    level.readCells(cells, 0);
    result.r1 = cells[0];
    result.r2 = cells[2];
  }
}
