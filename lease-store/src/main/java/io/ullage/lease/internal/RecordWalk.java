package io.ullage.lease.internal;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Renews many records of one generation file in one walk over their places. Each step is {@link
 * RecordProtocol#renew} without the reasons: a record whose word does not bear the hold any more,
 * or whose deadline has passed, is left alone, and whoever asks for it alone is told why.
 */
public final class RecordWalk {
  private static final ValueLayout.OfLong LAYOUT =
      ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONG = LAYOUT.varHandle();

  private final MemorySegment memory;

  private RecordWalk(MemorySegment memory) {
    this.memory = memory;
  }

  /**
   * A walk over the file that holds a grant's record.
   *
   * @param grant the grant
   * @return the walk, or null if the record is in no file
   */
  public static @Nullable RecordWalk of(RecordGrant grant) {
    return grant.record() instanceof MappedLeaseRecord mapped
        ? new RecordWalk(mapped.memory())
        : null;
  }

  /**
   * Where the walk finds a grant's record.
   *
   * @param grant the grant
   * @return its place; below 0 if it is not in this file
   */
  public long place(RecordGrant grant) {
    return grant.record() instanceof MappedLeaseRecord mapped && mapped.memory().equals(memory)
        ? mapped.place()
        : -1;
  }

  /**
   * Renews records.
   *
   * @param places where they are
   * @param holds what {@link LeaseWord#hold} makes of the words that they must have
   * @param chosen which of them
   * @param count how many of those
   * @param renewed set to whether the chosen one was renewed
   * @param nowMillis the monotonic clock
   * @param deadlineMillis their next deadline
   */
  public void renew(
      long[] places,
      long[] holds,
      int[] chosen,
      int count,
      boolean[] renewed,
      long nowMillis,
      long deadlineMillis) {
    boolean all = true;
    try {
      for (int done = 0; done < count; done++) {
        int i = chosen[done];
        renewed[done] = renew(places[i], holds[i], nowMillis, deadlineMillis);
        all &= renewed[done];
      }
      if (!all) {
        RecordStore.letErrorsSurface();
      }
    } catch (InternalError | IllegalStateException gone) {
      // Cut short, or closed: whoever asks for these alone is told.
      Arrays.fill(renewed, 0, count, false);
    }
  }

  private boolean renew(long place, long hold, long nowMillis, long deadlineMillis) {
    // Plain, because on a page that is missing the compare-and-set would kill the JVM.
    long word = memory.get(LAYOUT, place);
    return LeaseWord.hold(word) == hold
        && LeaseWord.deadlineMillis(word) > nowMillis
        && LONG.compareAndSet(memory, place, word, LeaseWord.held(hold, deadlineMillis));
  }

  /**
   * Looks whether records still bear the holds.
   *
   * @param places where they are
   * @param holds what their words must bear
   * @param first the first of them
   * @param last the one after the last
   * @param stands set to whether each does, from its beginning
   */
  public void check(long[] places, long[] holds, int first, int last, boolean[] stands) {
    boolean all = true;
    try {
      for (int i = first; i < last; i++) {
        long word = (long) LONG.getVolatile(memory, places[i]);
        stands[i - first] = LeaseWord.hold(word) == holds[i];
        all &= stands[i - first];
      }
      if (!all) {
        RecordStore.letErrorsSurface();
      }
    } catch (InternalError | IllegalStateException gone) {
      Arrays.fill(stands, 0, last - first, false);
    }
  }
}
