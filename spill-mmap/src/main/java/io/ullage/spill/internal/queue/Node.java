package io.ullage.spill.internal.queue;

import io.ullage.alloc.DetachedSegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * A place in the queue: one entry in memory, or a run of spilled ones.
 *
 * <p>The state says who may touch the entry's memory:
 *
 * <pre>
 *                claim            beginCopy           endCopy             publish
 *   RESIDENT ───────────► CLAIMED ─────────► COPYING ─────────► SPILLING ────────► RUN
 *      │ ▲                  │ │                                   │  │
 *      │ └──── revert ──────┼─┴───────────────────────────────────┘  │
 *      └─── take ───────────┴────────────── take ────────────────────┴──► TAKEN
 * </pre>
 *
 * <p>All transitions happen under the queue's lock, except the two of the copying: the spilling
 * thread leaves CLAIMED by a compare-and-set, which fails if the reader took the entry first, and
 * while the state is COPYING nobody else has the memory. It stores the handle of the copied entry
 * before SPILLING with release; the reader loads the state with acquire, so it finds that handle. A
 * reader that meets COPYING waits: the copy is a memcpy. A reader that takes a SPILLING entry has
 * cancelled its write, whatever the disk is doing, because the store writes from the copy.
 */
public final class Node {
  public static final int RESIDENT = 0;
  public static final int CLAIMED = 1;
  public static final int COPYING = 2;
  public static final int SPILLING = 3;
  public static final int TAKEN = 4;
  public static final int RUN = 5;

  private static final VarHandle STATE;

  static {
    try {
      STATE = MethodHandles.lookup().findVarHandle(Node.class, "state", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  @Nullable Node next;
  long byteSize;

  /** Whether it came back from the store before the reader asked for it. */
  boolean fetchedAhead;

  @SuppressWarnings("UnusedVariable") // Through STATE only.
  private int state;

  private @Nullable Object content;

  /** A new entry, RESIDENT. */
  public Node(DetachedSegment handle, long byteSize) {
    this.content = handle;
    this.byteSize = byteSize;
  }

  Node(Run run) {
    this.content = run;
    STATE.setRelease(this, RUN);
  }

  int stateAcquire() {
    return (int) STATE.getAcquire(this);
  }

  boolean isRun() {
    return stateAcquire() == RUN;
  }

  /** {@return the entry's handle} */
  public DetachedSegment handle() {
    Object held = content;
    if (held instanceof DetachedSegment handle) {
      return handle;
    }
    throw new IllegalStateException("not an entry: state " + stateAcquire());
  }

  Run run() {
    Object held = content;
    if (held instanceof Run run) {
      return run;
    }
    throw new IllegalStateException("not a run: state " + stateAcquire());
  }

  /** Under the lock: says that the spilling thread will copy this entry. */
  public void claim() {
    STATE.setRelease(this, CLAIMED);
  }

  /** Without the lock, spilling thread: whether the entry's memory is now its own. */
  public boolean tryBeginCopy() {
    return STATE.compareAndSet(this, CLAIMED, COPYING);
  }

  /** Without the lock, spilling thread: gives the memory back under the same handle. */
  public void endCopyRelease() {
    STATE.setRelease(this, SPILLING);
  }

  /** Without the lock, spilling thread: gives the memory back under a new handle. */
  public void endCopyRelease(DetachedSegment handle) {
    content = handle;
    STATE.setRelease(this, SPILLING);
  }

  /**
   * Under the lock, reader: takes the entry unless it is being copied; returns the state before,
   * COPYING on failure.
   */
  public int tryTake() {
    while (true) {
      int before = stateAcquire();
      if (before == COPYING || STATE.compareAndSet(this, before, TAKEN)) {
        return before;
      }
    }
  }

  /** Under the lock: forgets that the entry was claimed; returns false if the reader took it. */
  boolean revert() {
    if (stateAcquire() == TAKEN) {
      return false;
    }
    STATE.setRelease(this, RESIDENT);
    return true;
  }

  /**
   * Under the lock: takes a place that left the queue off its neighbours. A dead place that has
   * been promoted to the old generation would otherwise keep its successor, which is promoted for
   * that, and so all that come after it: the heap would grow with every entry that passes through.
   */
  void cut() {
    next = null;
    content = null;
  }

  /** Under the lock, RESIDENT only: replaces the entry by a longer one that begins with it. */
  void grow(DetachedSegment handle) {
    content = handle;
    byteSize = handle.byteSize();
  }

  /** Under the lock: turns this place into a run, or a run's place into its first entry. */
  void becomeRun(Run run) {
    content = run;
    STATE.setRelease(this, RUN);
  }

  /** Under the lock: turns a run's place into the place of its first entry. */
  void becomeEntry(DetachedSegment handle, long bytes) {
    content = handle;
    byteSize = bytes;
    STATE.setRelease(this, RESIDENT);
  }
}
