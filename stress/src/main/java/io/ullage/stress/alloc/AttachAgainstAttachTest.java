package io.ullage.stress.alloc;

import io.ullage.alloc.DetachedSegment;
import io.ullage.alloc.PooledSegment;
import java.lang.foreign.ValueLayout;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * Protocol step: a detached tenancy goes from {@code READY} to {@code BUSY} once.
 *
 * <p>Forbidden: both attach, so that two scopes lie over the same bytes. The step is one
 * compare-and-set, which only one of them can win. Whoever wins sees the sender's bytes: the handle
 * was published to both.
 */
@JCStressTest
@Outcome(id = "42, 0", expect = Expect.ACCEPTABLE, desc = "the first attached")
@Outcome(id = "0, 42", expect = Expect.ACCEPTABLE, desc = "the second attached")
@Outcome(expect = Expect.FORBIDDEN, desc = "both attached, or neither, or not the bytes sent")
@State
public class AttachAgainstAttachTest {
  private final DetachedSegment handle;

  /** Detaches a buffer that holds 42. */
  public AttachAgainstAttachTest() {
    PooledSegment sent = Pools.SEGMENTS.acquire(Pools.TOKEN, 64);
    sent.segment().set(ValueLayout.JAVA_INT, 0, 42);
    handle = sent.detach();
  }

  /** Attaches. */
  @Actor
  public void first(II_Result result) {
    result.r1 = attach();
  }

  /** Attaches. */
  @Actor
  public void second(II_Result result) {
    result.r2 = attach();
  }

  private int attach() {
    try (PooledSegment attached = handle.attach()) {
      return attached.segment().get(ValueLayout.JAVA_INT, 0);
    } catch (IllegalStateException _) {
      return 0;
    }
  }
}
