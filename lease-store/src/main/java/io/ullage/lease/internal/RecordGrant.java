package io.ullage.lease.internal;

import io.ullage.lease.LeaseGrant;
import io.ullage.lease.RenewalOutcome;

/** A hold of one generation of a record of a local store. */
public final class RecordGrant implements LeaseGrant {
  private final RecordProtocol protocol;
  private final StoreClock clock;
  private final RecordHandle handle;
  private final int generation;
  private final boolean takeover;
  private final long token;

  RecordGrant(
      RecordProtocol protocol, StoreClock clock, RecordHandle handle, RecordProtocol.Hold hold) {
    this.protocol = protocol;
    this.clock = clock;
    this.handle = handle;
    // Not the hold itself, which then never becomes an object.
    this.generation = hold.generation();
    this.takeover = hold.takeover();
    this.token = hold.token();
  }

  @Override
  public long token() {
    return token;
  }

  @Override
  public boolean isTakeover() {
    return takeover;
  }

  @Override
  public RenewalOutcome renew(long ttlNanos) {
    return renew(ttlNanos, clock.nanoTime());
  }

  /**
   * Extends the grant.
   *
   * @param ttlNanos the TTL
   * @param nowNanos a reading of the store's clock, made before this call
   * @return whether it was extended, and if not, why
   */
  public RenewalOutcome renew(long ttlNanos, long nowNanos) {
    long nowMillis = nowNanos / StoreClock.NANOS_PER_MILLI;
    long ttlMillis = StoreClock.ttlMillis(ttlNanos);
    try {
      return surfaced(
          RecordStore.following(
              handle, false, record -> protocol.renew(record, generation, nowMillis, ttlMillis)));
    } catch (InternalError e) {
      throw RecordStore.cutShort(e);
    }
  }

  /**
   * The generation of the record that this holds.
   *
   * @return the generation
   */
  public int generation() {
    return generation;
  }

  LeaseRecord record() {
    return handle.current();
  }

  @Override
  public RenewalOutcome check() {
    return check(clock.nanoTime());
  }

  /**
   * Looks whether the grant stands.
   *
   * @param nowNanos a reading of the store's clock, made before this call
   * @return HELD if it does
   */
  public RenewalOutcome check(long nowNanos) {
    long nowMillis = nowNanos / StoreClock.NANOS_PER_MILLI;
    try {
      return surfaced(
          RecordStore.following(
              handle, false, record -> protocol.check(record, generation, nowMillis)));
    } catch (InternalError e) {
      throw RecordStore.cutShort(e);
    }
  }

  private static RenewalOutcome surfaced(RenewalOutcome outcome) {
    if (outcome != RenewalOutcome.HELD) {
      RecordStore.letErrorsSurface();
    }
    return outcome;
  }

  @Override
  public boolean release() {
    try {
      boolean freed =
          RecordStore.following(handle, true, record -> protocol.release(record, generation));
      if (!freed) {
        RecordStore.letErrorsSurface();
      }
      return freed;
    } catch (InternalError e) {
      throw RecordStore.cutShort(e);
    }
  }
}
