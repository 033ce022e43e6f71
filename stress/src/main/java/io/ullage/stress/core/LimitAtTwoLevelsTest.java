package io.ullage.stress.core;

import io.ullage.core.Component;
import io.ullage.core.ComponentRegistry;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZJ_Result;

/**
 * Protocol step: a charge is checked against every level before it is added to any.
 *
 * <p>A large charge fits its own level and never fits the root; a small one fits both. Forbidden:
 * that the small one is refused because the large one was added to their common level for a moment.
 * The lock orders the large charge's check and its refusal as one step.
 */
@JCStressTest
@Outcome(id = "false, true, 10", expect = Expect.ACCEPTABLE, desc = "the small charge is granted")
@Outcome(expect = Expect.FORBIDDEN, desc = "a false refusal, or an overshoot")
@State
public class LimitAtTwoLevelsTest {
  private final ComponentRegistry registry =
      ComponentRegistry.builder().limitBytes(50).withoutCounterFile().withoutFence().build();
  private final Component small = registry.component("a.small");
  private final Component large = registry.component("a.large");

  /** Limits the common level to what either charge alone fits. */
  public LimitAtTwoLevelsTest() {
    registry.component("a").setLimitBytes(100);
  }

  /** Asks for more than the root has. */
  @Actor
  public void large(ZZJ_Result result) {
    result.r1 = large.tryCharge(95);
  }

  /** Asks for what fits. */
  @Actor
  public void small(ZZJ_Result result) {
    result.r2 = small.tryCharge(10);
  }

  /** Reads what is reserved at rest. */
  @Arbiter
  public void atRest(ZZJ_Result result) {
    result.r3 = registry.root().totalReservedBytes();
  }
}
