package io.ullage.stress.alloc;

import io.ullage.alloc.internal.Revocable;
import io.ullage.core.internal.AsymmetricFence;
import io.ullage.core.internal.Membarrier;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * Protocol step: an owner's plain bracket excludes a revoker (trim against acquire).
 *
 * <p>Forbidden: both are inside, and one increment of the plain counter is lost. The owner stores
 * {@code busy} and then loads {@code revoked}; the revoker stores {@code revoked}, has every thread
 * fenced, and then loads {@code busy}. Without the fence both loads may be answered before the
 * other's store is seen.
 */
@JCStressTest
@Outcome(id = "3, 3", expect = Expect.ACCEPTABLE, desc = "none was lost")
@Outcome(expect = Expect.FORBIDDEN, desc = "an increment was lost")
@State
public class RevokeAgainstUseTest {
  private static final @Nullable AsymmetricFence FENCE = Membarrier.register().orElse(null);

  private final Counter counter = new Counter();

  /** Increments twice as the owner. */
  @Actor
  public void owner() {
    counter.incrementAsOwner();
    counter.incrementAsOwner();
  }

  /** Increments once as the revoker. */
  @Actor
  public void revoker() {
    counter.incrementAsRevoker();
  }

  /** Reads both counters. */
  @Arbiter
  public void arbiter(II_Result result) {
    result.r1 = counter.first;
    result.r2 = counter.second;
  }

  private static final class Counter extends Revocable {
    private int first;
    private int second;

    Counter() {
      super(FENCE);
    }

    void incrementAsOwner() {
      enter();
      increment();
      leave();
    }

    void incrementAsRevoker() {
      revoke(this::increment);
    }

    private void increment() {
      int before = first;
      second++;
      first = before + 1;
    }
  }
}
