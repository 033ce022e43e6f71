package io.ullage.lease.internal;

import io.ullage.lease.RenewalOutcome;
import org.jspecify.annotations.Nullable;

/**
 * How processes pass one record from owner to owner. Stateless; one instance serves all records of
 * a store.
 *
 * <p><b>The word</b> ({@link LeaseWord}) alone decides. Every transition is one compare-and-set on
 * it:
 *
 * <pre>
 *          acquire                    held
 *   FREE g ─────────► ACQUIRING g+1 ────────► HELD g+1 ──┐ renew (deadline grows)
 *    ▲  ▲                  │                  │ │ │ ▲────┘
 *    │  │ deadline passed  │                  │ │ │
 *    │  └ (any may acquire)┘         release  │ │ │ revoke
 *    └────────────────────────────────────────┘ │ └────────► REVOKED g+1
 *        acquire by others: deadline passed,    │                │
 *        or owner dead ◄────────────────────────┴────────────────┘ (or the owner lets go)
 * </pre>
 *
 * <p><b>At most one owner.</b> A generation is won by one compare-and-set and never comes back
 * while anybody remembers it. An owner's renewals and its release expect its own generation, so
 * after a takeover they fail. Others take HELD or REVOKED only when the deadline in the very word
 * that they replace has passed, or its owner is dead; a renewal changes that word, so a renewal and
 * a takeover exclude each other. The owner's own idea of validity ends a margin before the deadline
 * and is counted from before it asked.
 *
 * <p><b>Tokens strictly grow.</b> A token is drawn by an atomic increment <em>between</em>
 * ACQUIRING and HELD. Generations become HELD one after the other, and each draws after the one
 * before became HELD (or was given up, in which case its token is never shown). A process that
 * sleeps between ACQUIRING and the increment makes a hole, never a repetition.
 *
 * <p><b>The owner's name</b> ({@link OwnerWord}) is written between ACQUIRING and HELD too, and
 * bears the generation that it is for: a name whose generation is not the word's says nothing, so
 * nobody is ever taken for somebody else, whatever a late owner writes. A late owner must not
 * <em>hide</em> its successor's name either, or nobody would notice when the successor dies before
 * its TTL ends. So the name is written by compare-and-set from a value that was read before the
 * word was checked once more: if the successor signed in between, the compare-and-set fails; if it
 * signed before, the word is no longer ours. Exclusion does not depend on either.
 *
 * <p>A record that moved to another file says so in its word, and every method then throws {@link
 * RecordMovedException}.
 *
 * <p>All accesses are volatile, hence in one total order. Cost: acquire and release are four atomic
 * operations together.
 */
public final class RecordProtocol {
  /**
   * How long an owner may take from ACQUIRING to HELD, which is usually 100 ns. Who dies in between
   * (before its name is written) blocks the key for this long; who sleeps longer starts again.
   */
  static final long ACQUIRING_MILLIS = 250;

  private final long process;
  private final OwnerLiveness liveness;
  private final TokenCeiling ceiling;

  /**
   * Makes the protocol as one process speaks it.
   *
   * @param process who speaks
   * @param liveness tells dead owners
   * @param ceiling keeps tokens from going back
   */
  public RecordProtocol(long process, OwnerLiveness liveness, TokenCeiling ceiling) {
    this.process = process;
    this.liveness = liveness;
    this.ceiling = ceiling;
  }

  /**
   * Tries once to take the record.
   *
   * @param record the record
   * @param nowMillis the monotonic clock
   * @param ttlMillis the time to live
   * @param note for people
   * @param waiting whether the caller will ask again
   * @return the hold, or null if somebody else has the record
   */
  public @Nullable Hold acquire(
      LeaseRecord record, long nowMillis, long ttlMillis, String note, boolean waiting) {
    long word = word(record);
    if (!isFree(record, word, nowMillis)) {
      if (waiting) {
        beginWait(record, nowMillis);
      }
      return null;
    }
    if (waiting && yields(record, word, nowMillis)) {
      // Or whoever goes first would not know that anybody waits, and go again and again.
      beginWait(record, nowMillis);
      return null;
    }
    int generation = (LeaseWord.generation(word) + 1) & LeaseWord.GENERATION_MASK;
    long acquiring = LeaseWord.of(generation, LeaseWord.ACQUIRING, nowMillis + ACQUIRING_MILLIS);
    if (!record.compareAndSetWord(word, acquiring)) {
      return null;
    }
    long token = record.incrementTokenVolatile();
    ceiling.cover(token);
    if (!sign(record, acquiring, generation)) {
      return null;
    }
    record.describe(generation, nowMillis, note);
    if (waiting) {
      endWait(record);
    }
    long held = LeaseWord.of(generation, LeaseWord.HELD, nowMillis + ttlMillis);
    return record.compareAndSetWord(acquiring, held)
        ? new Hold(generation, token, LeaseWord.state(word) != LeaseWord.FREE)
        : null;
  }

  private void beginWait(LeaseRecord record, long nowMillis) {
    record.setWaiterOpaque(
        WaiterWord.register(record.waiterOpaque(), OwnerWord.slot(process), nowMillis));
  }

  private void endWait(LeaseRecord record) {
    long waiters = record.waiterOpaque();
    long others = WaiterWord.clear(waiters, OwnerWord.slot(process));
    if (others != waiters) {
      record.setWaiterOpaque(others);
    }
  }

  private boolean sign(LeaseRecord record, long acquiring, int generation) {
    long name = OwnerWord.of(generation, process);
    while (true) {
      long owner = record.ownerVolatile();
      if (record.wordVolatile() != acquiring) {
        return false;
      }
      if (record.compareAndSetOwner(owner, name)) {
        return true;
      }
    }
  }

  /**
   * Extends a hold.
   *
   * @param record the record
   * @param generation the generation that the caller holds
   * @param nowMillis the monotonic clock
   * @param ttlMillis the time to live
   * @return whether it was extended
   */
  public RenewalOutcome renew(LeaseRecord record, int generation, long nowMillis, long ttlMillis) {
    while (true) {
      long word = wordAlone(record);
      if (!isHeldBy(word, generation)) {
        return RenewalOutcome.TAKEN_OVER;
      }
      if (LeaseWord.deadlineMillis(word) <= nowMillis) {
        return RenewalOutcome.EXPIRED;
      }
      long next = LeaseWord.of(generation, LeaseWord.HELD, nowMillis + ttlMillis);
      if (word == next || record.compareAndSetWord(word, next)) {
        return RenewalOutcome.HELD;
      }
    }
  }

  private static boolean isHeldBy(long word, int generation) {
    return LeaseWord.generation(word) == generation && LeaseWord.state(word) == LeaseWord.HELD;
  }

  /**
   * Whether a hold stands.
   *
   * @param record the record
   * @param generation the generation that the caller holds
   * @param nowMillis the monotonic clock
   * @return HELD if it does
   */
  public RenewalOutcome check(LeaseRecord record, int generation, long nowMillis) {
    long word = wordAlone(record);
    if (!isHeldBy(word, generation)) {
      return RenewalOutcome.TAKEN_OVER;
    }
    return LeaseWord.deadlineMillis(word) <= nowMillis
        ? RenewalOutcome.EXPIRED
        : RenewalOutcome.HELD;
  }

  /**
   * Ends a hold, revoked or not.
   *
   * @param record the record
   * @param generation the generation that the caller holds
   * @return whether this call freed the record
   */
  public boolean release(LeaseRecord record, int generation) {
    while (true) {
      long word = wordAlone(record);
      int state = LeaseWord.state(word);
      if (LeaseWord.generation(word) != generation
          || (state != LeaseWord.HELD && state != LeaseWord.REVOKED)) {
        return false;
      }
      if (record.compareAndSetWord(word, LeaseWord.of(generation, LeaseWord.FREE, 0))) {
        return true;
      }
    }
  }

  /**
   * Tells the owner to let go.
   *
   * @param record the record
   * @param nowMillis the monotonic clock
   * @param reason kept where the note was
   * @return whether there was an owner
   */
  public boolean revoke(LeaseRecord record, long nowMillis, String reason) {
    while (true) {
      long word = word(record);
      if (LeaseWord.state(word) != LeaseWord.HELD || isFree(record, word, nowMillis)) {
        return false;
      }
      int generation = LeaseWord.generation(word);
      LeaseRecord.Description description = record.description(generation);
      long revoked = LeaseWord.of(generation, LeaseWord.REVOKED, LeaseWord.deadlineMillis(word));
      if (record.compareAndSetWord(word, revoked)) {
        record.describe(generation, description.acquiredAtMillis(), reason);
        return true;
      }
    }
  }

  /**
   * The process that owns the record.
   *
   * @param record the record
   * @param word its word
   * @return the process, or 0 if the record is free or its owner has not signed yet
   */
  public static long owner(LeaseRecord record, long word) {
    if (LeaseWord.state(word) == LeaseWord.FREE) {
      return 0;
    }
    long owner = record.ownerVolatile();
    return OwnerWord.generation(owner) == LeaseWord.generation(word) ? OwnerWord.process(owner) : 0;
  }

  static long word(LeaseRecord record) {
    record.touch();
    return wordHere(record);
  }

  /** The word, for operations that touch nothing else of the record. */
  static long wordAlone(LeaseRecord record) {
    record.touchWord();
    return wordHere(record);
  }

  private static long wordHere(LeaseRecord record) {
    long word = record.wordVolatile();
    if (LeaseWord.isMoved(word)) {
      throw new RecordMovedException();
    }
    return word;
  }

  private boolean isFree(LeaseRecord record, long word, long nowMillis) {
    if (LeaseWord.state(word) == LeaseWord.FREE) {
      return true;
    }
    if (LeaseWord.deadlineMillis(word) < nowMillis) {
      return true;
    }
    long owner = owner(record, word);
    return owner != 0 && owner != process && liveness.isDead(owner);
  }

  /** Whether the caller, having had the record last, should leave it to somebody who waits. */
  private boolean yields(LeaseRecord record, long word, long nowMillis) {
    if (!WaiterWord.hasOther(record.waiterOpaque(), OwnerWord.slot(process), nowMillis)) {
      return false;
    }
    long owner = record.ownerVolatile();
    return LeaseWord.state(word) == LeaseWord.FREE && OwnerWord.process(owner) == process;
  }

  /**
   * A won generation.
   *
   * @param generation the generation
   * @param token its token
   * @param takeover whether the generation before was not given back
   */
  public record Hold(int generation, long token, boolean takeover) {}
}
