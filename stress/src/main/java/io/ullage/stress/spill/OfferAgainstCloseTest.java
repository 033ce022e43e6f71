package io.ullage.stress.spill;

import io.ullage.alloc.DetachedSegment;
import io.ullage.spill.SpillQueue;
import io.ullage.spill.SpillQueueStatistics;
import io.ullage.spill.SpillWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZZ_Result;

/**
 * Protocol step: a writer hands an entry over while another thread closes the queue.
 *
 * <p>Forbidden: an entry that was accepted and is neither in the queue nor counted as dropped, or
 * one that was refused and is still somebody's memory. The queue's lock forbids it: appending and
 * emptying exclude each other, appending looks again whether the queue is closed, and an entry that
 * was moved too late is discarded.
 */
@JCStressTest
@Outcome(id = "true, true, true", expect = Expect.ACCEPTABLE, desc = "accepted, then dropped")
@Outcome(id = "false, true, true", expect = Expect.ACCEPTABLE, desc = "refused")
@Outcome(expect = Expect.FORBIDDEN, desc = "an entry is lost, or its handle still has memory")
@State
public class OfferAgainstCloseTest {
  private final SpillQueue queue;
  private final SpillWriter writer;
  private final DetachedSegment entry = Memory.SHARED.entry(64);

  /** An open queue with a writer. */
  public OfferAgainstCloseTest() {
    try {
      queue = SpillQueue.builder(Memory.SHARED.segments, Memory.SHARED.component.token()).build();
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    writer = queue.writer();
  }

  /** Offers the entry. */
  @Actor
  public void writer(ZZZ_Result result) {
    try {
      writer.offer(entry);
      result.r1 = true;
    } catch (IllegalStateException closed) {
      result.r1 = false;
    } catch (InterruptedException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** Closes the queue. */
  @Actor
  public void closer() {
    queue.close();
  }

  /** Looks at what is left. */
  @Arbiter
  public void arbiter(ZZZ_Result result) {
    SpillQueueStatistics statistics = queue.statistics();
    result.r2 = statistics.isBalanced() && statistics.droppedEntries() == (result.r1 ? 1 : 0);
    result.r3 = true;
    if (!result.r1) {
      try {
        // Refused before the move: it is still ours. Refused after it: it was discarded.
        entry.discard();
      } catch (IllegalStateException used) {
        result.r3 = statistics.entries() == 0;
      }
    }
  }
}
