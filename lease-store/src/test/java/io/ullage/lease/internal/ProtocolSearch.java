package io.ullage.lease.internal;

import static org.assertj.core.api.Assertions.fail;

import io.ullage.lease.RenewalOutcome;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An explicit-state search of the record protocol: every interleaving of every access that {@link
 * RecordProtocol} itself makes (the real code, run again from the start for each step), with a
 * clock that may advance and a process that may crash between any two accesses.
 *
 * <p>Each process acquires, renews and releases, some rounds. In every state reached, at most one
 * living process believes its lease valid, and each token was greater than all before when it
 * became its owner's.
 */
final class ProtocolSearch {
  /** One tick is the time after which ACQUIRING may be taken over, plus one. */
  private static final long TICK = RecordProtocol.ACQUIRING_MILLIS + 1;

  /** A TTL of two ticks, of which the last tenth of one is the margin. */
  private static final long TTL = 2 * TICK;

  private static final long MARGIN = TICK / 10;

  private static final class State {
    private final SharedMemory memory;
    private final long[][] logs;
    private final int[] done;
    private final int crashed;

    State(SharedMemory memory, long[][] logs, int[] done, int crashed) {
      this.memory = memory;
      this.logs = logs;
      this.done = done;
      this.crashed = crashed;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof State that
          && memory.equals(that.memory)
          && Arrays.deepEquals(logs, that.logs)
          && Arrays.equals(done, that.done)
          && crashed == that.crashed;
    }

    @Override
    public int hashCode() {
      return ((memory.hashCode() * 31 + Arrays.deepHashCode(logs)) * 31 + Arrays.hashCode(done))
              * 31
          + crashed;
    }

    boolean isCrashed(int actor) {
      return (crashed & (1 << actor)) != 0;
    }
  }

  /** What an actor believes after the accesses it made. */
  private static final class Belief {
    private long validUntil;
    private boolean tokenWentBack;
    private int holds;
  }

  private final int actors;
  private final int rounds;
  private final int ticks;
  private final boolean crashes;
  private final boolean comparing;
  private long statesSeen;
  private boolean takenOverAlive;
  private boolean takenOverDead;
  private int holdsSeen;

  ProtocolSearch(int actors, int rounds, int ticks, boolean crashes, boolean comparing) {
    this.actors = actors;
    this.rounds = rounds;
    this.ticks = ticks;
    this.crashes = crashes;
    this.comparing = comparing;
  }

  long statesSeen() {
    return statesSeen;
  }

  boolean takenOverAlive() {
    return takenOverAlive;
  }

  boolean takenOverDead() {
    return takenOverDead;
  }

  int holdsSeen() {
    return holdsSeen;
  }

  /** Visits every state that can be reached, and fails at the first that is wrong. */
  void explore() {
    State start = new State(new SharedMemory(), new long[actors][0], new int[actors], 0);
    Set<State> seen = new HashSet<>();
    ArrayDeque<State> open = new ArrayDeque<>();
    seen.add(start);
    open.add(start);
    while (!open.isEmpty()) {
      State state = open.removeLast();
      check(state);
      for (int actor = 0; actor < actors; actor++) {
        if (state.isCrashed(actor)) {
          continue;
        }
        State next = step(state, actor);
        if (next != null && seen.add(next)) {
          open.add(next);
        }
        if (crashes && state.crashed == 0) {
          State crashed = new State(state.memory, state.logs, state.done, 1 << actor);
          if (seen.add(crashed)) {
            open.add(crashed);
          }
        }
      }
      long clock = state.memory.cells[SharedMemory.CLOCK];
      if (clock < 1_000 + ticks * TICK) {
        SharedMemory later = state.memory.copy();
        later.cells[SharedMemory.CLOCK] = clock + TICK;
        State next = new State(later, state.logs, state.done, state.crashed);
        if (seen.add(next)) {
          open.add(next);
        }
      }
    }
    statesSeen = seen.size();
  }

  /**
   * Lets an actor make its next access; null if it is done. What a finished round returned is
   * forgotten, so that states which differ only in the past are one.
   */
  private @Nullable State step(State state, int actor) {
    if (state.done[actor] == rounds) {
      return null;
    }
    SharedMemory memory = state.memory.copy();
    ReplayedRecord record = new ReplayedRecord(state.logs[actor], memory, comparing);
    boolean finished = run(record, actor, state, new Belief());
    long[][] logs = state.logs.clone();
    int[] done = state.done;
    if (finished) {
      logs[actor] = new long[0];
      done = done.clone();
      done[actor]++;
    } else {
      long[] log = Arrays.copyOf(logs[actor], logs[actor].length + 1);
      log[log.length - 1] = record.step();
      logs[actor] = log;
    }
    return new State(memory, logs, done, state.crashed);
  }

  private void check(State state) {
    long clock = state.memory.cells[SharedMemory.CLOCK];
    int valid = 0;
    for (int actor = 0; actor < actors; actor++) {
      Belief belief = new Belief();
      run(new ReplayedRecord(state.logs[actor], null, comparing), actor, state, belief);
      if (belief.tokenWentBack) {
        fail("a token went back: %s", describe(state));
      }
      if (!state.isCrashed(actor) && clock < belief.validUntil) {
        valid++;
      }
      holdsSeen = Math.max(holdsSeen, belief.holds);
    }
    if (valid > 1) {
      fail("two valid holders: %s", describe(state));
    }
  }

  /**
   * A round of every actor, run from its start over what its accesses returned; true if it ended.
   */
  private boolean run(ReplayedRecord record, int actor, State state, Belief belief) {
    long self = OwnerWord.process(actor, 1);
    RecordProtocol protocol =
        new RecordProtocol(
            self,
            owner -> {
              boolean dead =
                  record.access(ignored -> state.isCrashed(OwnerWord.slot(owner)) ? 1 : 0) == 1;
              takenOverDead |= dead;
              return dead;
            },
            token -> {});
    try {
      hold(record, protocol, belief);
      return true;
    } catch (ReplayedRecord.NotYet e) {
      // This is as far as it got.
      return false;
    }
  }

  private void hold(ReplayedRecord record, RecordProtocol protocol, Belief belief) {
    long askedAt = record.clock();
    RecordProtocol.Hold hold = protocol.acquire(record, askedAt, TTL, "", false);
    if (hold == null) {
      return;
    }
    belief.tokenWentBack |= record.tokenWentBack();
    belief.holds++;
    belief.validUntil = askedAt + TTL - MARGIN;
    long renewedAt = record.clock();
    RenewalOutcome outcome = protocol.renew(record, hold.generation(), renewedAt, TTL);
    if (outcome == RenewalOutcome.HELD) {
      // As ManagedLease does: what was invalid once stays invalid.
      if (record.clock() < belief.validUntil) {
        belief.validUntil = renewedAt + TTL - MARGIN;
      }
    } else {
      takenOverAlive |= outcome == RenewalOutcome.TAKEN_OVER;
      belief.validUntil = 0;
    }
    belief.validUntil = record.access(ignored -> 1) == 1 ? 0 : belief.validUntil;
    boolean freed = protocol.release(record, hold.generation());
    takenOverAlive |= !freed;
  }

  private static String describe(State state) {
    return Arrays.toString(state.memory.cells) + " " + Arrays.deepToString(state.logs);
  }
}
