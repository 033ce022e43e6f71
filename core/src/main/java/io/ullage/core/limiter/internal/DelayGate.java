package io.ullage.core.limiter.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Where callers pass, or wait out the delay that a limiter published.
 *
 * <p>Protocol. One thread, the limiter's, publishes delays; any number of callers read them.
 *
 * <ul>
 *   <li>The way through without pressure is one opaque load of {@code delayNanos}. Opaque costs the
 *       same instruction as plain, but a compiler may not move it out of a caller's loop. Nothing
 *       is published through it, so it needs no ordering.
 *   <li>Everything else happens under {@code lock}: a delay is written, and waiting callers are
 *       signalled, under it; a caller compares its waiting time with the delay under it before each
 *       wait. So a caller either sees the new delay before it waits, or waits when the signal
 *       comes: no wake-up is lost.
 *   <li>A caller's delay only shrinks while it waits: a caller that met 5 ms never waits longer
 *       because others made things worse.
 *   <li>{@link #close} publishes a delay that is no delay, so that the way through needs no second
 *       load to find the gate closed.
 * </ul>
 */
public final class DelayGate {
  private static final long CLOSED = Long.MIN_VALUE;
  private static final VarHandle DELAY_NANOS;

  static {
    try {
      DELAY_NANOS = MethodHandles.lookup().findVarHandle(DelayGate.class, "delayNanos", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition delayShrank = lock.newCondition();
  private final Condition publisherWanted = lock.newCondition();
  private long delayNanos;
  private int waiting;

  /** Returns the delay of now in nanoseconds, 0 for none; negative once closed. One load. */
  public long delayNanosOpaque() {
    return (long) DELAY_NANOS.getOpaque(this);
  }

  /** Publishes a delay, unless the gate is closed. */
  public void publish(long newDelayNanos) {
    lock.lock();
    try {
      if (delayNanos == CLOSED) {
        return;
      }
      boolean shrinks = newDelayNanos < delayNanos;
      DELAY_NANOS.setOpaque(this, newDelayNanos);
      if (shrinks) {
        delayShrank.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until the shortest delay that was published since the call has passed, the time is up, or
   * the gate is closed.
   *
   * @return the nanoseconds that were left of the delay when the time was up; 0 or less if the
   *     delay had passed
   */
  public long await(long timeoutNanos) throws InterruptedException {
    long startNanos = System.nanoTime();
    lock.lockInterruptibly();
    try {
      if (++waiting == 1) {
        publisherWanted.signal();
      }
      long shortestNanos = Long.MAX_VALUE;
      while (true) {
        // A closed gate's delay is the smallest long: it has always passed.
        shortestNanos = Math.min(shortestNanos, delayNanos);
        long passedNanos = System.nanoTime() - startNanos;
        if (passedNanos >= shortestNanos || passedNanos >= timeoutNanos) {
          return shortestNanos == CLOSED ? 0 : shortestNanos - passedNanos;
        }
        long remainingNanos = Math.min(shortestNanos, timeoutNanos) - passedNanos;
        long ignored = delayShrank.awaitNanos(remainingNanos);
      }
    } finally {
      waiting--;
      lock.unlock();
    }
  }

  /**
   * For the publisher: waits until the next publication is due, which is after a period, or, while
   * anybody waits, after an interval.
   *
   * @return false if the gate was closed
   */
  public boolean awaitDue(long periodNanos, long intervalNanos) {
    long startNanos = System.nanoTime();
    lock.lock();
    try {
      while (delayNanos != CLOSED) {
        long dueNanos = waiting > 0 ? Math.min(periodNanos, intervalNanos) : periodNanos;
        long remainingNanos = dueNanos - (System.nanoTime() - startNanos);
        if (remainingNanos <= 0) {
          return true;
        }
        try {
          long ignored = publisherWanted.awaitNanos(remainingNanos);
        } catch (InterruptedException e) {
          // Only close() ends the publisher, and the interrupt is not for anybody else.
        }
      }
      return false;
    } finally {
      lock.unlock();
    }
  }

  /** Lets everybody who waits go on, and the publisher end. */
  public void close() {
    lock.lock();
    try {
      DELAY_NANOS.setOpaque(this, CLOSED);
      delayShrank.signalAll();
      publisherWanted.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** How many callers wait now. */
  public int waiting() {
    lock.lock();
    try {
      return waiting;
    } finally {
      lock.unlock();
    }
  }
}
