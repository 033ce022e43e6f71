package io.ullage.lease.internal;

import io.ullage.lease.LeaseGrant;
import io.ullage.lease.RenewalOutcome;

/** A hold of one generation of a record of a local store. */
final class RecordGrant implements LeaseGrant {
  private final RecordProtocol protocol;
  private final StoreClock clock;
  private final RecordHandle handle;
  private final RecordProtocol.Hold hold;

  RecordGrant(
      RecordProtocol protocol, StoreClock clock, RecordHandle handle, RecordProtocol.Hold hold) {
    this.protocol = protocol;
    this.clock = clock;
    this.handle = handle;
    this.hold = hold;
  }

  @Override
  public long token() {
    return hold.token();
  }

  @Override
  public RenewalOutcome renew(long ttlNanos) {
    long ttlMillis = StoreClock.ttlMillis(ttlNanos);
    return RecordStore.following(
        handle, record -> protocol.renew(record, hold.generation(), clock.nowMillis(), ttlMillis));
  }

  @Override
  public RenewalOutcome check() {
    return RecordStore.following(
        handle, record -> protocol.check(record, hold.generation(), clock.nowMillis()));
  }

  @Override
  public boolean release() {
    return RecordStore.following(handle, record -> protocol.release(record, hold.generation()));
  }
}
