package io.ullage.spill.internal.queue;

import io.ullage.alloc.DetachedSegment;
import io.ullage.spill.SpillPlan;
import io.ullage.spill.SpilledRun;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The queue's places and their counters, without threads, locks or I/O: the caller holds the
 * queue's lock.
 *
 * <pre>
 *      head                     first run            last run          cursor          tail
 *       │ head region               │                    │                │              │
 *       [e][e][e][e]             {run}  [e][e] kept   {run}   [e] kept   [e][e][e]…   [e]
 *       └ headBytes ┘                  └bytesBehind ┘        └────── bytesBehind ──────┘
 * </pre>
 *
 * <p>The cursor is the next entry that may be spilled. It only moves towards the tail (except back
 * over a batch whose write failed), so that what a policy keeps and what was fetched back is never
 * spilled later, and each entry is looked at once: every operation costs constant time, amortised
 * over the entries. Positions are offsets in the stream of all bytes ever offered, so the bytes
 * between two places need no walk.
 */
final class QueueBook {
  private @Nullable Node head;
  private @Nullable Node tail;
  private @Nullable Node firstRun;
  private @Nullable Node lastRun;
  private @Nullable Node cursor;
  private long cursorOffset;
  private long cursorSequence;
  private long endOffset;
  private long endSequence;
  private long spillLimitOffset;
  private long headRegionBytes;

  private long entries;
  private long spilledEntries;
  private long residentBytes;
  private long inFlightBytes;
  private long spilledBytes;
  private long largestBytes;

  private final Totals totals = new Totals();

  /**
   * Adds an entry at the end, or joins it to the last one.
   *
   * @return whether the queue was empty
   */
  boolean append(DetachedSegment handle, boolean merging) {
    long byteSize = handle.byteSize();
    boolean wasEmpty = head == null;
    if (!merging || !merge(handle)) {
      link(new Node(handle, byteSize));
    }
    if (lastRun != null) {
      lastRun.run().bytesBehind += byteSize;
    }
    endOffset += byteSize;
    residentBytes += byteSize;
    return wasEmpty;
  }

  private void link(Node node) {
    if (tail == null) {
      head = node;
    } else {
      tail.next = node;
    }
    tail = node;
    if (cursor == null) {
      cursor = node;
    }
    entries++;
    endSequence++;
    largestBytes = Math.max(largestBytes, node.byteSize);
  }

  /**
   * Joins an entry to the last one if that is still to be spilled and nobody is at work on it: the
   * cursor has not passed it, so it was neither claimed nor fetched back.
   */
  private boolean merge(DetachedSegment handle) {
    Node last = tail;
    if (cursor == null || last == null || last.stateAcquire() != Node.RESIDENT) {
      return false;
    }
    DetachedSegment joined = last.handle().tryJoin(handle).orElse(null);
    if (joined == null) {
      return false;
    }
    last.grow(joined);
    largestBytes = Math.max(largestBytes, last.byteSize);
    return true;
  }

  @Nullable Node head() {
    return head;
  }

  @Nullable Node firstRun() {
    return firstRun;
  }

  /** Takes the first entry, which must be in memory; returns null when it is being copied. */
  @Nullable DetachedSegment takeHead() {
    Node node = head;
    if (node == null) {
      return null;
    }
    int before = node.tryTake();
    if (before == Node.COPYING) {
      return null;
    }
    if (before == Node.CLAIMED || before == Node.SPILLING) {
      inFlightBytes -= node.byteSize;
    }
    DetachedSegment handle = node.handle();
    unlinkHead(node);
    residentBytes -= node.byteSize;
    if (firstRun != null) {
      headRegionBytes -= node.byteSize;
    }
    totals.polled(node.byteSize, node.fetchedAhead);
    return handle;
  }

  private void unlinkHead(Node node) {
    if (node == cursor) {
      cursor = node.next;
      cursorOffset += node.byteSize;
      cursorSequence++;
    }
    entries--;
    moveHead(node.next);
    node.cut();
  }

  /** Runs of which all was lost stay in their place until they are the first, and end there. */
  private void moveHead(@Nullable Node next) {
    Node first = next;
    while (first != null && first.isRun() && first.run().entries == 0) {
      Node lost = first;
      first = first.next;
      lost.cut();
    }
    head = first;
    if (first == null) {
      tail = null;
    }
  }

  /**
   * Moves the cursor over entries that a plan keeps, at most {@code steps} of them.
   *
   * @return whether the plan's range is now set
   */
  boolean apply(SpillPlan plan, int steps) {
    int left = steps;
    while (cursor != null && cursor != tail && keptBytes() < plan.keepBytes()) {
      if (left-- == 0) {
        return false;
      }
      cursorOffset += cursor.byteSize;
      cursorSequence++;
      cursor = cursor.next;
    }
    long wanted = Math.min(plan.spillBytes(), Long.MAX_VALUE - cursorOffset);
    spillLimitOffset = Math.max(spillLimitOffset, Math.min(lastOffset(), cursorOffset + wanted));
    return true;
  }

  /** Whether the plan, or an earlier one, has anything to spill. */
  boolean hasAnythingFor(SpillPlan plan) {
    if (hasPlanned() || inFlightBytes > 0) {
      return true;
    }
    long last = tail == null || tail.isRun() ? 0 : tail.byteSize;
    long kept = Math.max(0, plan.keepBytes() - keptBytes());
    return !plan.isNone() && tailBytes() - last - kept > 0;
  }

  /** Lets even the last entry be spilled. */
  void spillLastToo() {
    spillLimitOffset = endOffset;
  }

  boolean hasPlanned() {
    return cursor != null && cursorOffset < spillLimitOffset;
  }

  /** Claims planned entries: at least one if there is any, then as many as fit a frame. */
  void claim(Batch batch, long frameBytes, FrameSizes sizes) {
    batch.begin(cursorSequence, cursorOffset);
    long used = 0;
    while (cursor != null && cursorOffset < spillLimitOffset) {
      Node node = cursor;
      used += sizes.framedSize(node.byteSize);
      if (!batch.isEmpty() && used > frameBytes) {
        break;
      }
      node.claim();
      batch.add(node);
      inFlightBytes += node.byteSize;
      cursor = node.next;
      cursorOffset += node.byteSize;
      cursorSequence++;
    }
  }

  /** The size of an entry in a frame. */
  @FunctionalInterface
  interface FrameSizes {
    long framedSize(long byteSize);
  }

  /**
   * Replaces the first {@code taken} entries of a batch by the run that holds them, without those
   * that the reader took meanwhile: always the first ones, because it takes in order.
   *
   * <p>The run remembers how many to skip: the store drops them when the fetching thread comes to
   * it.
   *
   * @return false when the reader had taken all: the run is not in the queue and has to be released
   */
  boolean publish(Batch batch, SpilledRun handle, int taken, List<DetachedSegment> freed) {
    int cancelled = 0;
    while (cancelled < taken && batch.node(cancelled).stateAcquire() == Node.TAKEN) {
      cancelled++;
    }
    if (cancelled == taken) {
      return false;
    }
    long bytes = 0;
    for (int i = cancelled; i < taken; i++) {
      bytes += batch.byteSize(i);
      freed.add(batch.node(i).handle());
    }
    long behind = endOffset - batch.offset(taken);
    Node first = batch.node(cancelled);
    Node last = batch.node(taken - 1);
    if (lastRun == null) {
      firstRun = first;
      headRegionBytes = residentBytes - bytes - behind;
    } else {
      Run before = lastRun.run();
      before.bytesBehind -= bytes + behind;
      before.nextRun = first;
    }
    lastRun = first;
    Node following = last.next;
    if (tail == last) {
      tail = first;
    }
    for (int i = cancelled + 1; i < taken; i++) {
      batch.node(i).cut();
    }
    first.becomeRun(new Run(handle, cancelled, taken - cancelled, bytes, behind));
    first.next = following;
    residentBytes -= bytes;
    inFlightBytes -= bytes;
    spilledBytes += bytes;
    totals.spilled(bytes);
    spilledEntries += taken - cancelled;
    return true;
  }

  /** Makes the entries of a batch from {@code from} on resident again, to be claimed anew. */
  void revert(Batch batch, int from) {
    boolean moved = false;
    for (int i = from; i < batch.size(); i++) {
      if (batch.node(i).revert()) {
        inFlightBytes -= batch.byteSize(i);
        if (!moved) {
          moved = true;
          cursor = batch.node(i);
          cursorOffset = batch.offset(i);
          cursorSequence = batch.sequence(i);
        }
      }
    }
  }

  /**
   * Puts fetched entries in the place of the first run, before what is left of it.
   *
   * @param demanded whether a reader has been waiting for the first of them
   */
  void insertFetched(List<DetachedSegment> handles, boolean demanded) {
    Node place = firstRun;
    if (place == null) {
      throw new IllegalStateException("no run");
    }
    Run run = place.run();
    Node following = place.next;
    Node last = place;
    long bytes = 0;
    for (int i = 0; i < handles.size(); i++) {
      DetachedSegment handle = handles.get(i);
      if (i == 0) {
        place.becomeEntry(handle, handle.byteSize());
        place.fetchedAhead = !demanded;
      } else {
        Node node = new Node(handle, handle.byteSize());
        node.fetchedAhead = true;
        last.next = node;
        last = node;
      }
      bytes += handle.byteSize();
    }
    run.entries -= handles.size();
    run.bytes -= bytes;
    spilledEntries -= handles.size();
    spilledBytes -= bytes;
    residentBytes += bytes;
    headRegionBytes += bytes;
    totals.fetched(bytes);
    if (run.entries > 0) {
      Node rest = new Node(run);
      last.next = rest;
      rest.next = following;
      replaceFirstRun(place, rest);
      if (tail == place) {
        tail = rest;
      }
    } else {
      last.next = following;
      if (tail == place) {
        tail = last;
      }
      removeFirstRun(run);
    }
  }

  private void replaceFirstRun(Node place, Node rest) {
    firstRun = rest;
    if (lastRun == place) {
      lastRun = rest;
    }
  }

  private void removeFirstRun(Run run) {
    firstRun = run.nextRun;
    if (firstRun == null) {
      lastRun = null;
      headRegionBytes = 0;
    } else {
      headRegionBytes += run.bytesBehind;
    }
  }

  /**
   * Drops the first entry, or the first run as a whole.
   *
   * @param dropped takes the entry, if it was in memory
   * @param busy a run that cannot be dropped now
   * @return the run to release, if it was one
   */
  @Nullable SpilledRun dropHead(List<DetachedSegment> dropped, @Nullable Run busy) {
    Node node = head;
    if (node == null) {
      return null;
    }
    if (!node.isRun()) {
      DetachedSegment taken = takeHead();
      if (taken != null) {
        totals.droppedInsteadOfPolled(node.byteSize, node.fetchedAhead);
        dropped.add(taken);
      }
      return null;
    }
    Run run = node.run();
    if (run == busy) {
      return null;
    }
    totals.dropped(run.entries, run.bytes);
    spilledBytes -= run.bytes;
    spilledEntries -= run.entries;
    entries -= run.entries;
    removeFirstRun(run);
    moveHead(node.next);
    node.cut();
    return run.handle;
  }

  /** Loses the next entry of the first run, which is damaged and has this size. */
  void dropDamaged(long byteSize) {
    Node place = firstRun;
    if (place == null) {
      throw new IllegalStateException("no run");
    }
    Run run = place.run();
    run.entries--;
    run.bytes -= byteSize;
    entries--;
    spilledEntries--;
    spilledBytes -= byteSize;
    totals.damaged(byteSize);
    if (run.entries == 0) {
      removeFirstRun(run);
      moveHead(head);
    }
  }

  /** Empties the queue: entries in memory are added to the list, all count as dropped. */
  void clear(List<DetachedSegment> left) {
    for (Node node = head; node != null; node = node.next) {
      if (!node.isRun()) {
        left.add(node.handle());
      }
    }
    totals.dropped(entries, residentBytes + spilledBytes);
    head = null;
    tail = null;
    firstRun = null;
    lastRun = null;
    cursor = null;
    cursorOffset = endOffset;
    cursorSequence = endSequence;
    entries = 0;
    spilledEntries = 0;
    residentBytes = 0;
    inFlightBytes = 0;
    spilledBytes = 0;
    headRegionBytes = 0;
  }

  private long keptBytes() {
    return residentBytes - inFlightBytes - tailBytes();
  }

  private long lastOffset() {
    return tail == null || tail.isRun() ? endOffset : endOffset - tail.byteSize;
  }

  long tailBytes() {
    return endOffset - cursorOffset;
  }

  long headBytes() {
    return firstRun == null ? residentBytes - inFlightBytes : headRegionBytes;
  }

  long entries() {
    return entries;
  }

  long residentBytes() {
    return residentBytes;
  }

  long inFlightBytes() {
    return inFlightBytes;
  }

  long spilledBytes() {
    return spilledBytes;
  }

  long largestBytes() {
    return largestBytes;
  }

  long offeredBytes() {
    return endOffset;
  }

  long endSequence() {
    return endSequence;
  }

  long spilledEntries() {
    return spilledEntries;
  }

  Totals totals() {
    return totals;
  }
}
