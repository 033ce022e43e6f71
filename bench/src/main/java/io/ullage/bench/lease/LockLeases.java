package io.ullage.bench.lease;

import java.util.concurrent.locks.ReentrantLock;

/** A lock of the JDK; deadlines are a volatile field beside it. */
final class LockLeases implements LeasePeer {
  private final ReentrantLock lock = new ReentrantLock();
  private final ReentrantLock held = new ReentrantLock();
  private volatile long validUntil = System.nanoTime() + TTL_NANOS;

  LockLeases() {
    held.lock();
  }

  @Override
  public boolean tryAcquireAndRelease() {
    if (!lock.tryLock()) {
      return false;
    }
    lock.unlock();
    return true;
  }

  @Override
  public void renew() {
    validUntil = System.nanoTime() + TTL_NANOS;
  }

  @Override
  public boolean isValid() {
    return held.isLocked() && validUntil - System.nanoTime() > 0;
  }

  @Override
  public long peek() {
    return held.isLocked() ? validUntil : 0;
  }

  @Override
  public void close() {}
}
