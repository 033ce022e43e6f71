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
 * Protocol step: a reader of a component's cells reads what was freed, then what was allocated.
 *
 * <p>Forbidden: more freed than allocated. The owner stores {@code allocated} before {@code freed},
 * both with release; the reader's acquire load of {@code freed} therefore sees every allocation
 * that came before the free.
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
  private static final int CALLS_UNTIL_CREDIT = 40;
  private static final int FREED = 0;
  private static final int ALLOCATED = 2;

  private final BudgetTree tree = new BudgetTree(System::nanoTime, null);
  private final BudgetLevel level = tree.level("root", null);
  private final Account owner = tree.account(level);

  /** Opens a line of credit, so that the actor needs no lock; it alone owns the account then. */
  public FreedFirstReadTest() {
    for (int i = 0; i < CALLS_UNTIL_CREDIT; i++) {
      owner.tryCharge(1);
      owner.discharge(1);
    }
  }

  /** Allocates 64 bytes and frees them. */
  @Actor
  public void writer() {
    owner.tryCharge(64);
    owner.discharge(64);
  }

  /** Reads all cells. */
  @Actor
  public void reader(JJ_Result result) {
    long[] cells = new long[4];
    level.readCells(cells, 0);
    result.r1 = cells[FREED] - CALLS_UNTIL_CREDIT;
    result.r2 = cells[ALLOCATED] - CALLS_UNTIL_CREDIT;
  }
}
