package io.ullage.stress.spill;

import io.ullage.alloc.DetachedSegment;
import io.ullage.spill.internal.queue.Node;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZI_Result;

/**
 * Protocol step: the spilling thread begins to copy an entry that it has claimed, while the reader
 * takes it.
 *
 * <p>Forbidden: both have the memory, or the reader takes the entry after the copy and finds the
 * handle from before it, which was used up. The compare-and-set out of CLAIMED, of which one
 * succeeds, forbids the first; the release store of SPILLING behind the new handle, with the
 * acquire load before the handle is read, forbids the second.
 */
@JCStressTest
@Outcome(id = "false, 1", expect = Expect.ACCEPTABLE, desc = "the reader came first")
@Outcome(id = "true, 2", expect = Expect.ACCEPTABLE, desc = "the reader met the copying")
@Outcome(id = "true, 3", expect = Expect.ACCEPTABLE, desc = "the reader cancelled the write")
@Outcome(expect = Expect.FORBIDDEN, desc = "both have the memory, or the handle is an old one")
@State
public class CopyAgainstTakeTest {
  private static final int OLD_HANDLE = -1;

  private final Node node;

  /** An entry that is claimed. */
  public CopyAgainstTakeTest() {
    DetachedSegment entry = Memory.SHARED.entry(64);
    node = new Node(entry, 64);
    node.claim();
  }

  /** Copies the entry. */
  @Actor
  public void spiller(ZI_Result result) {
    result.r1 = node.tryBeginCopy();
    if (result.r1) {
      node.endCopyRelease(node.handle().attach().detach());
    }
  }

  /** Takes the entry and gives its memory back. */
  @Actor
  public void reader(ZI_Result result) {
    int before = node.tryTake();
    result.r2 = before;
    if (before != Node.COPYING) {
      try {
        node.handle().discard();
      } catch (IllegalStateException used) {
        result.r2 = OLD_HANDLE;
      }
    }
  }
}
