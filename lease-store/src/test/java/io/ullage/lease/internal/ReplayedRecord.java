package io.ullage.lease.internal;

import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A record as one actor sees it while its code is run again from the start: accesses that it made
 * before return what they returned then, the next one happens, and the one after that ends the run.
 */
final class ReplayedRecord implements LeaseRecord {
  /** Ends a run before an access that is not its turn yet. */
  static final class NotYet extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotYet() {
      super(null, null, false, false);
    }
  }

  private final long[] log;
  private final @Nullable SharedMemory memory;
  private final boolean comparing;
  private int position;
  private boolean stepped;
  private long step;
  private long token;
  private boolean tokenWentBack;

  /**
   * Begins a run.
   *
   * @param log what earlier accesses returned
   * @param memory where the next access happens; null to stop before it
   * @param comparing whether a compare-and-set compares; memory on which it does not shows that the
   *     search finds what it is there for
   */
  ReplayedRecord(long[] log, @Nullable SharedMemory memory, boolean comparing) {
    this.log = log;
    this.memory = memory;
    this.comparing = comparing;
  }

  long step() {
    return step;
  }

  long access(LongUnaryOperator effect) {
    if (position < log.length) {
      return log[position++];
    }
    if (stepped || memory == null) {
      throw new NotYet();
    }
    stepped = true;
    position++;
    step = effect.applyAsLong(0);
    return step;
  }

  private long read(int cell) {
    return access(ignored -> cells()[cell]);
  }

  private long[] cells() {
    SharedMemory shared = memory;
    if (shared == null) {
      throw new NotYet();
    }
    return shared.cells;
  }

  private boolean compareAndSet(int cell, long expected, long next) {
    return access(
            ignored -> {
              if (comparing && cells()[cell] != expected) {
                return 0;
              }
              cells()[cell] = next;
              return 1;
            })
        == 1;
  }

  /** Whether a token that became its owner's was not greater than all before. */
  boolean tokenWentBack() {
    return tokenWentBack;
  }

  long clock() {
    return read(SharedMemory.CLOCK);
  }

  @Override
  public long wordVolatile() {
    return read(SharedMemory.WORD);
  }

  @Override
  public boolean compareAndSetWord(long expected, long next) {
    if (LeaseWord.state(expected) != LeaseWord.ACQUIRING
        || LeaseWord.state(next) != LeaseWord.HELD) {
      return compareAndSet(SharedMemory.WORD, expected, next);
    }
    long answer =
        access(
            ignored -> {
              if (comparing && cells()[SharedMemory.WORD] != expected) {
                return 0;
              }
              cells()[SharedMemory.WORD] = next;
              boolean back = token <= cells()[SharedMemory.GRANTED];
              cells()[SharedMemory.GRANTED] = Math.max(cells()[SharedMemory.GRANTED], token);
              return back ? 2 : 1;
            });
    tokenWentBack |= answer == 2;
    return answer != 0;
  }

  @Override
  public long ownerVolatile() {
    return read(SharedMemory.OWNER);
  }

  @Override
  public boolean compareAndSetOwner(long expected, long next) {
    return compareAndSet(SharedMemory.OWNER, expected, next);
  }

  @Override
  public long tokenVolatile() {
    return read(SharedMemory.TOKEN);
  }

  @Override
  public long incrementTokenVolatile() {
    token = access(ignored -> ++cells()[SharedMemory.TOKEN]);
    return token;
  }

  @Override
  public long waiterOpaque() {
    return 0;
  }

  @Override
  public void setWaiterOpaque(long waiter) {
    throw new IllegalStateException("nobody waits in this search");
  }

  @Override
  public void describe(int generation, long acquiredAtMillis, String note) {
    // Only people read it.
  }

  @Override
  public Description description(int generation) {
    return Description.UNKNOWN;
  }
}
