package io.ullage.stress.core;

import io.ullage.core.Component;
import io.ullage.core.ComponentRegistry;
import io.ullage.core.ComponentToken;
import io.ullage.core.TokenScope;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZJ_Result;

/**
 * Protocol step: a thread charges in a token's scope while another removes the token's component.
 *
 * <p>Forbidden: that both succeed, for then bytes would be charged to a component that nobody sees,
 * or that both fail. The removal looks for bytes and closes the component in one step under the
 * lock; the charge checks for the closed component and adds its bytes in another.
 */
@JCStressTest
@Outcome(id = "true, false, 64", expect = Expect.ACCEPTABLE, desc = "charged, so not removed")
@Outcome(id = "false, true, 0", expect = Expect.ACCEPTABLE, desc = "removed, so not charged")
@Outcome(expect = Expect.FORBIDDEN, desc = "charged to a removed component, or neither")
@State
public class ChargeAgainstRemovalTest {
  private final ComponentRegistry registry =
      ComponentRegistry.builder().withoutCounterFile().withoutFence().build();
  private final Component component = registry.component("a");

  /** Charges in the component's scope. */
  @Actor
  public void charge(ZZJ_Result result) {
    try (TokenScope _ = component.token().enter()) {
      result.r1 = ComponentToken.current().orElseThrow().component().tryCharge(64);
    } catch (IllegalStateException e) {
      result.r1 = false;
    }
  }

  /** Removes the component. */
  @Actor
  public void remove(ZZJ_Result result) {
    try {
      component.close();
      result.r2 = true;
    } catch (IllegalStateException e) {
      result.r2 = false;
    }
  }

  /** Reads what is reserved at rest. */
  @Arbiter
  public void atRest(ZZJ_Result result) {
    result.r3 = registry.root().totalReservedBytes();
  }
}
