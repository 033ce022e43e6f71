package io.ullage.lease;

import io.ullage.lease.internal.Uninterrupted;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * A thread that runs a task again and again, each time at the instant that the run before asked
 * for, or earlier if something came up that is due earlier.
 *
 * <p>No wake-up is lost: before each run the next instant is set to "never", so that whatever comes
 * up during the run asks for its instant and unparks the thread, and parking then returns at once.
 *
 * <p>Few are made: an instant that was asked for stays the next one even if what asked for it is
 * gone by the time the task runs. So leases that come and go in a tight loop wake the thread up
 * once in a while, not once each.
 */
final class Sweeper implements AutoCloseable {
  /** The instant of a task that has nothing to wait for. */
  static final long NEVER = Long.MAX_VALUE;

  private static final long AGAIN_NANOS = 1_000_000;

  private static final VarHandle ASKED_FOR;

  static {
    try {
      ASKED_FOR = MethodHandles.lookup().findVarHandle(Sweeper.class, "askedFor", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final LongSupplier nanoClock;
  private final Task task;
  private final Thread thread;
  private volatile long nextAt = NEVER;
  private volatile long askedFor = NEVER;
  private volatile boolean closed;

  /** Something to do at instants. */
  @FunctionalInterface
  interface Task {
    /**
     * Does what is due.
     *
     * @param now nanoseconds of the clock
     * @return when to do it again, or {@link #NEVER}
     */
    long sweep(long now);
  }

  Sweeper(String name, LongSupplier nanoClock, Task task) {
    this.nanoClock = nanoClock;
    this.task = task;
    thread = Thread.ofPlatform().name(name).daemon().unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  private void run() {
    while (!closed) {
      nextAt = NEVER;
      long asked = (long) ASKED_FOR.getAndSet(this, NEVER);
      long now = nanoClock.getAsLong();
      long at = sweep(now);
      if (asked > now) {
        at = Math.min(at, asked);
      }
      nextAt = at;
      long wait = at == NEVER ? Long.MAX_VALUE : at - nanoClock.getAsLong();
      if (wait > 0 && !closed) {
        LockSupport.parkNanos(this, wait);
        clearStrayInterrupt();
      }
    }
  }

  private long sweep(long now) {
    try {
      return task.sweep(now);
    } catch (InternalError late) {
      // A page of shared memory that is gone: such an error may surface as late as here, and the
      // next sweep meets it again where it is known for what it is.
      return now + AGAIN_NANOS;
    }
  }

  /** Nobody should interrupt this thread; if somebody does, pauses must not become a busy loop. */
  @SuppressWarnings("ResultOfMethodCallIgnored") // Clearing the flag is all that is wanted.
  private static void clearStrayInterrupt() {
    Thread.interrupted();
  }

  /** Says that something is due at an instant. */
  void due(long at) {
    if (at >= nextAt) {
      return;
    }
    long asked = askedFor;
    while (at < asked && !ASKED_FOR.compareAndSet(this, asked, at)) {
      asked = askedFor;
    }
    LockSupport.unpark(thread);
  }

  /** Whether the caller is this sweeper's thread. */
  boolean isCurrentThread() {
    return Thread.currentThread().equals(thread);
  }

  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
    if (isCurrentThread()) {
      return;
    }
    var _ =
        Uninterrupted.await(
            () -> {
              thread.join();
              return true;
            });
  }
}
