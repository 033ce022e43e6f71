package io.ullage.stress.core;

import io.ullage.core.limiter.internal.DelayGate;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.Z_Result;

/**
 * Protocol step: the limiter publishes that memory was freed while a caller begins to wait out a
 * delay, see {@link DelayGate}.
 *
 * <p>Forbidden: the caller waits until its timeout. The publisher stores the delay and signals
 * under the gate's lock, and the caller compares and begins to wait under the same lock: it either
 * finds the new delay or is waiting when the signal comes. Without the lock around both, or without
 * the signal, the wake-up is lost.
 */
@JCStressTest
@Outcome(id = "true", expect = Expect.ACCEPTABLE, desc = "found the new delay, or was woken")
@Outcome(id = "false", expect = Expect.FORBIDDEN, desc = "the wake-up was lost")
@State
public class LimiterWakeUpTest {
  private static final long HOUR_NANOS = 3_600_000_000_000L;

  /** Long against any pause of the machine, short enough for a test that fails to end. */
  private static final long TIMEOUT_NANOS = 10_000_000_000L;

  private final DelayGate gate = new DelayGate();

  /** A gate under full pressure. */
  public LimiterWakeUpTest() {
    gate.publish(HOUR_NANOS);
  }

  /** Memory was freed: there is no delay any more. */
  @Actor
  public void publisher() {
    gate.publish(0);
  }

  /** Waits out the delay. */
  @Actor
  public void caller(Z_Result result) {
    try {
      // What await returns would not tell: at the timeout it looks at the delay once more.
      long startNanos = System.nanoTime();
      long ignored = gate.await(TIMEOUT_NANOS);
      result.r1 = System.nanoTime() - startNanos < TIMEOUT_NANOS;
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts an actor", e);
    }
  }
}
