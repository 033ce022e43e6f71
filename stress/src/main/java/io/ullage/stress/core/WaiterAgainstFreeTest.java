package io.ullage.stress.core;

import io.ullage.core.Component;
import io.ullage.core.ComponentRegistry;
import io.ullage.core.MemoryLimitException;
import java.time.Duration;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZJ_Result;

/**
 * Protocol step: one thread begins to wait for room while another gives the last bytes back.
 *
 * <p>Forbidden: a lost wake-up, which shows as a refusal after the timeout. The waiter enters the
 * queue and looks for room in one step under the lock; the free releases and serves the queue in
 * another.
 */
@JCStressTest
@Outcome(id = "true, 100", expect = Expect.ACCEPTABLE, desc = "the waiter was served")
@Outcome(expect = Expect.FORBIDDEN, desc = "a lost wake-up")
@State
public class WaiterAgainstFreeTest {
  private static final Duration LONG = Duration.ofSeconds(5);

  private final ComponentRegistry registry =
      ComponentRegistry.builder().limitBytes(100).withoutCounterFile().withoutFence().build();
  private final Component holder = registry.component("a");
  private final Component waiter = registry.component("b");

  /** Takes everything. */
  public WaiterAgainstFreeTest() {
    holder.charge(100);
  }

  /** Waits for everything. */
  @Actor
  public void await(ZJ_Result result) {
    try {
      waiter.charge(100, LONG);
      result.r1 = true;
    } catch (MemoryLimitException e) {
      result.r1 = false;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Gives everything back. */
  @Actor
  public void free() {
    holder.discharge(100);
  }

  /** Reads what is reserved at rest. */
  @Arbiter
  public void atRest(ZJ_Result result) {
    result.r2 = registry.root().totalReservedBytes();
  }
}
