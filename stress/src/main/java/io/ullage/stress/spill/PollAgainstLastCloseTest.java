package io.ullage.stress.spill;

import io.ullage.alloc.DetachedSegment;
import io.ullage.spill.SpillQueue;
import io.ullage.spill.SpillWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/**
 * Protocol step: the reader asks for an entry and then whether the queue has ended, while the last
 * writer offers one and closes.
 *
 * <p>Forbidden: no entry, and yet the end. Both questions are answered under the queue's lock, and
 * the end is the emptiness of the queue after the last writer, never the writer's close alone.
 */
@JCStressTest
@Outcome(id = "false, false", expect = Expect.ACCEPTABLE, desc = "the reader came first")
@Outcome(id = "true, false", expect = Expect.ACCEPTABLE, desc = "the entry, not yet the end")
@Outcome(id = "true, true", expect = Expect.ACCEPTABLE, desc = "the entry, then the end")
@Outcome(id = "false, true", expect = Expect.FORBIDDEN, desc = "the end before the entry")
@State
public class PollAgainstLastCloseTest {
  private final SpillQueue queue;
  private final SpillWriter writer;
  private final DetachedSegment entry = Memory.SHARED.entry(64);

  /** An empty queue with one writer. */
  public PollAgainstLastCloseTest() {
    try {
      queue = SpillQueue.builder(Memory.SHARED.segments, Memory.SHARED.component.token()).build();
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    writer = queue.writer();
  }

  /** Offers and closes. */
  @Actor
  public void writer() {
    try {
      writer.offer(entry);
    } catch (InterruptedException impossible) {
      throw new IllegalStateException(impossible);
    }
    writer.close();
  }

  /** Asks for the entry, then for the end. */
  @Actor
  public void reader(ZZ_Result result) {
    DetachedSegment taken = queue.poll();
    result.r2 = queue.isEnded();
    result.r1 = taken != null;
    if (taken != null) {
      taken.discard();
    }
  }

  /** Gives back what is left. */
  @Arbiter
  public void arbiter(ZZ_Result result) {
    queue.close();
  }
}
