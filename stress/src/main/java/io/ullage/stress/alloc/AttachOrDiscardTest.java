package io.ullage.stress.alloc;

import io.ullage.alloc.DetachedSegment;
import io.ullage.alloc.PooledSegment;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/**
 * Protocol step: one thread attaches a detached segment while another discards it.
 *
 * <p>Forbidden: both succeed, so that one has a scope over a slot which the other gave back; or
 * neither, so that the slot is lost. The handle's state leaves READY by one compare-and-set, whose
 * winner owns the slot.
 */
@JCStressTest
@Outcome(
    id = {"true, false", "false, true"},
    expect = Expect.ACCEPTABLE,
    desc = "one of them has the slot")
@Outcome(id = "true, true", expect = Expect.FORBIDDEN, desc = "the slot is used and free at once")
@Outcome(id = "false, false", expect = Expect.FORBIDDEN, desc = "the slot is lost")
@State
public class AttachOrDiscardTest {
  private final DetachedSegment handle = Pools.SEGMENTS.acquire(Pools.TOKEN, 64).detach();

  /** Attaches and closes. */
  @Actor
  public void attacher(ZZ_Result result) {
    try (PooledSegment segment = handle.attach()) {
      result.r1 = segment.byteSize() == 64;
    } catch (IllegalStateException used) {
      result.r1 = false;
    }
  }

  /** Gives the slot back without attaching. */
  @Actor
  public void discarder(ZZ_Result result) {
    try {
      handle.discard();
      result.r2 = true;
    } catch (IllegalStateException used) {
      result.r2 = false;
    }
  }
}
