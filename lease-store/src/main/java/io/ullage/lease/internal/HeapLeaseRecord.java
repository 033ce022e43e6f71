package io.ullage.lease.internal;

import java.util.concurrent.atomic.AtomicLongArray;

/** A record on the Java heap. */
public final class HeapLeaseRecord implements LeaseRecord {
  private static final int WORD = 0;
  private static final int OWNER = 1;
  private static final int TOKEN = 2;
  private static final int WAITER = 3;
  private static final int WORDS = 4;

  private final AtomicLongArray words = new AtomicLongArray(WORDS);
  private volatile Described described = new Described(-1, Description.UNKNOWN);

  /**
   * Makes a free record.
   *
   * @param tokenFloor below its first token
   */
  public HeapLeaseRecord(long tokenFloor) {
    words.set(TOKEN, tokenFloor);
  }

  @Override
  public long wordVolatile() {
    return words.get(WORD);
  }

  @Override
  public boolean compareAndSetWord(long expected, long next) {
    return words.compareAndSet(WORD, expected, next);
  }

  @Override
  public long ownerVolatile() {
    return words.get(OWNER);
  }

  @Override
  public boolean compareAndSetOwner(long expected, long next) {
    return words.compareAndSet(OWNER, expected, next);
  }

  @Override
  public long tokenVolatile() {
    return words.get(TOKEN);
  }

  @Override
  public long incrementTokenVolatile() {
    return words.incrementAndGet(TOKEN);
  }

  @Override
  public long waiterOpaque() {
    return words.getOpaque(WAITER);
  }

  @Override
  public void setWaiterOpaque(long waiter) {
    words.setOpaque(WAITER, waiter);
  }

  @Override
  public void describe(int generation, long acquiredAtMillis, String note) {
    described = new Described(generation, new Description(acquiredAtMillis, note));
  }

  @Override
  public Description description(int generation) {
    Described current = described;
    return current.generation == generation ? current.description : Description.UNKNOWN;
  }

  private record Described(int generation, Description description) {}
}
