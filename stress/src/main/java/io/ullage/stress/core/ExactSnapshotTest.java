package io.ullage.stress.core;

import io.ullage.core.internal.Account;
import io.ullage.core.internal.BudgetLevel;
import io.ullage.core.internal.BudgetTree;
import io.ullage.core.internal.FigureTable;
import io.ullage.core.internal.LevelIndex;
import java.util.Map;
import java.util.TreeMap;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJ_Result;

/**
 * Protocol step: a snapshot calls its figures those of one instant when what moves adds up to what
 * it did before they were read.
 *
 * <p>Forbidden: the second component's charge without the first one's, which came before. The
 * counters only grow, so equal sums mean that none changed between the two readings; all loads are
 * acquire, so no load of the second reading comes before one of the first. A reader that does not
 * compare finds the first component before and the second after both charges.
 */
@JCStressTest
@Outcome(id = "-1, -1", expect = Expect.ACCEPTABLE, desc = "something moved, and it says so")
@Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "before both")
@Outcome(id = "64, 0", expect = Expect.ACCEPTABLE, desc = "between the two")
@Outcome(id = "64, 64", expect = Expect.ACCEPTABLE, desc = "after both")
@Outcome(id = "0, 64", expect = Expect.FORBIDDEN, desc = "there was no such instant")
@State
public class ExactSnapshotTest {
  private static final int CALLS_UNTIL_CREDIT = 40;

  private final BudgetTree tree = new BudgetTree(System::nanoTime, null);
  private final BudgetLevel first = tree.level("a", null);
  private final BudgetLevel second = tree.level("b", null);
  private final Account firstOwner = tree.account(first);
  private final Account secondOwner = tree.account(second);
  private final LevelIndex index = LevelIndex.of(1, new TreeMap<>(Map.of("a", first, "b", second)));

  /** Opens lines of credit, so that the actor needs no lock; it alone owns the accounts then. */
  public ExactSnapshotTest() {
    for (int i = 0; i < CALLS_UNTIL_CREDIT; i++) {
      firstOwner.tryCharge(1);
      firstOwner.discharge(1);
      secondOwner.tryCharge(1);
      secondOwner.discharge(1);
    }
  }

  /** Charges the first, then the second. */
  @Actor
  public void writer() {
    firstOwner.tryCharge(64);
    secondOwner.tryCharge(64);
  }

  /** Reads both. */
  @Actor
  public void reader(JJ_Result result) {
    FigureTable table = new FigureTable(index);
    table.look();
    boolean exact = table.read();
    result.r1 = exact ? table.figures(0).own().usedBytes() : -1;
    result.r2 = exact ? table.figures(1).own().usedBytes() : -1;
  }
}
