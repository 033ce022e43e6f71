package io.ullage.lease.redis;

import io.ullage.lease.LeaseGrant;
import io.ullage.lease.RenewalOutcome;

/** One acquisition of one key. */
final class RedisGrant implements LeaseGrant {
  private final RedisLeaseStore store;
  private final String key;
  private final String owner;
  private final long token;
  private final boolean takeover;
  private volatile boolean released;

  RedisGrant(RedisLeaseStore store, String key, String owner, long token, boolean takeover) {
    this.store = store;
    this.key = key;
    this.owner = owner;
    this.token = token;
    this.takeover = takeover;
  }

  RedisLeaseStore store() {
    return store;
  }

  String key() {
    return key;
  }

  String owner() {
    return owner;
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
    return store.renew(this, ttlNanos);
  }

  @Override
  public RenewalOutcome check() {
    return store.check(this);
  }

  @Override
  public boolean release() {
    boolean freed = store.release(this);
    released = true;
    return freed;
  }

  /** What the server's answer means: it cannot tell a record that ran out from one released. */
  RenewalOutcome outcome(RenewalOutcome answered) {
    return answered == RenewalOutcome.EXPIRED && released ? RenewalOutcome.TAKEN_OVER : answered;
  }
}
