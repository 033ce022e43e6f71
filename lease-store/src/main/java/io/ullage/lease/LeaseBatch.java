package io.ullage.lease;

import io.ullage.lease.internal.LeaseWord;
import io.ullage.lease.internal.RecordGrant;
import io.ullage.lease.internal.RecordWalk;
import io.ullage.lease.internal.StoreClock;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Leases of one timing whose records lie in one mapped file, in columns: what a renewal needs of
 * each lies beside that of the next. A sweep walks over them in blocks. First it replaces the words
 * of all that are due, one compare-and-set each, which waits for all stores before it and therefore
 * must not stand between stores into objects all over the heap; then it moves their terms.
 *
 * <p>No claim is made on a lease ({@link LeaseRenewal}), because here a renewal is one
 * compare-and-set: it comes before the owner's release or fails. A lease that cannot be renewed in
 * this way, for whatever reason, leaves the batch and is asked for alone, which finds the reason.
 *
 * <p>Guarded by the lock of {@link HeldLeases}, which is given back between blocks. Blocks go from
 * the end to the beginning, so that a removal, which puts the last lease into the gap, hides none
 * from a walk under way.
 */
final class LeaseBatch {
  /** What a block holds the lock for: 128 leases take about a microsecond. */
  static final int BLOCK = 128;

  private final boolean[] renewed = new boolean[BLOCK];
  private final int[] due = new int[BLOCK];
  private @Nullable RecordWalk walk;
  private @Nullable LeaseTiming timing;
  private int size;
  private @Nullable ManagedLease[] leases = new ManagedLease[BLOCK];
  private @Nullable LeaseTerm[] terms = new LeaseTerm[BLOCK];
  private long[] places = new long[BLOCK];
  private long[] holds = new long[BLOCK];
  private long[] renewAt = new long[BLOCK];
  private long nextAt;
  private long extended;

  int size() {
    return size;
  }

  /** Takes a lease in, if it is of this batch's kind. */
  boolean add(ManagedLease lease) {
    LeaseRenewal renewal = lease.renewal();
    RecordGrant record = renewal.record();
    if (record == null || lease.lingerUntil != 0 || renewal.lastFailure() != null) {
      return false;
    }
    if (size == 0) {
      walk = RecordWalk.of(record);
      timing = renewal.timing();
    }
    RecordWalk file = walk;
    if (file == null || !renewal.timing().equals(timing)) {
      return false;
    }
    long place = file.place(record);
    if (place < 0) {
      return false;
    }
    if (size == places.length) {
      grow();
    }
    lease.settledAt = size;
    leases[size] = lease;
    terms[size] = lease.term();
    places[size] = place;
    holds[size] = LeaseWord.hold(record.generation());
    renewAt[size] = renewal.renewAt();
    size++;
    return true;
  }

  private void grow() {
    int longer = size * 2;
    leases = Arrays.copyOf(leases, longer);
    terms = Arrays.copyOf(terms, longer);
    places = Arrays.copyOf(places, longer);
    holds = Arrays.copyOf(holds, longer);
    renewAt = Arrays.copyOf(renewAt, longer);
  }

  /** Takes a lease out. */
  void remove(int index) {
    size--;
    ManagedLease last = leases[size];
    leases[index] = last;
    terms[index] = terms[size];
    places[index] = places[size];
    holds[index] = holds[size];
    renewAt[index] = renewAt[size];
    leases[size] = null;
    terms[size] = null;
    if (last != null) {
      last.settledAt = index;
    }
  }

  /** Begins a walk; the index of its first block's end. */
  int beginWalk() {
    nextAt = Sweeper.NEVER;
    extended = 0;
    return size;
  }

  /**
   * Renews what is due in the block that ends at an index.
   *
   * @param end the end
   * @param now a reading of the clock
   * @param alone told leases that are due and could not be renewed, which are no longer here
   * @return the end of the next block
   */
  int renewBlock(int end, long now, List<ManagedLease> alone) {
    RecordWalk file = walk;
    LeaseTiming all = timing;
    int last = Math.min(end, size);
    int first = Math.max(0, last - BLOCK);
    if (file == null || all == null || first == last) {
      return 0;
    }
    long dueBefore = now + all.earlyNanos();
    int count = 0;
    for (int i = first; i < last; i++) {
      long at = renewAt[i];
      if (at <= dueBefore) {
        due[count++] = i;
      } else {
        nextAt = Math.min(nextAt, at);
      }
    }
    if (count > 0) {
      long nowMillis = now / StoreClock.NANOS_PER_MILLI;
      long deadlineMillis = nowMillis + StoreClock.ttlMillis(all.ttlNanos());
      file.renew(places, holds, due, count, renewed, nowMillis, deadlineMillis);
      moveTerms(all, count, now, alone);
    }
    return first;
  }

  private void moveTerms(LeaseTiming all, int count, long now, List<ManagedLease> alone) {
    long until = now + all.validNanos();
    long next = now + all.heartbeatNanos();
    long lateBefore = now - all.retryNanos();
    nextAt = Math.min(nextAt, next);
    // Downwards, as removals want it.
    for (int k = count - 1; k >= 0; k--) {
      int i = due[k];
      LeaseTerm term = terms[i];
      if (term == null || !renewed[k] || renewAt[i] < lateBefore || now >= term.until()) {
        leaveAlone(i, alone);
        continue;
      }
      term.extend(until);
      renewAt[i] = next;
      extended++;
    }
  }

  /** A renewal that is late or fails has consequences, which are those of a lease alone. */
  private void leaveAlone(int index, List<ManagedLease> alone) {
    ManagedLease lease = leases[index];
    if (lease != null) {
      lease.renewal().dueAt(renewAt[index]);
      lease.settledAt = -1;
      remove(index);
      alone.add(lease);
    }
  }

  /** Takes out the leases in the block that ends at an index whose records say something else. */
  int checkBlock(int end, List<ManagedLease> alone) {
    RecordWalk file = walk;
    int last = Math.min(end, size);
    int first = Math.max(0, last - BLOCK);
    if (file == null || first == last) {
      return 0;
    }
    file.check(places, holds, first, last, renewed);
    for (int i = last - 1; i >= first; i--) {
      if (!renewed[i - first]) {
        leaveAlone(i, alone);
      }
    }
    return first;
  }

  /** When the first lease that the walk saw is due again. */
  long nextAt() {
    return nextAt;
  }

  /** How many leases the walk extended. */
  long extended() {
    return extended;
  }

  /** Puts so many leases into an array. */
  void copyInto(@Nullable ManagedLease[] into, int count) {
    System.arraycopy(leases, 0, into, 0, count);
  }
}
