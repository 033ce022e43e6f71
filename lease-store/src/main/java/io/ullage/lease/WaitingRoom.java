package io.ullage.lease;

import io.ullage.core.Registration;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Those of one manager who wait for keys. One thread asks for all of them: for each key only the
 * one who came first, so that keys go in order of arrival within a process.
 *
 * <p>A local store is asked each millisecond for the first second and every four later, which costs
 * a few microseconds each; it wakes up at once when a lease of this process is released. A remote
 * one is asked with growing pauses, on threads of their own since it may hang, and at once when it
 * {@linkplain LeaseStore#onFreed says} that a key may be free; if it fails, it is asked again for
 * as long as the wait lasts. All pauses are jittered by half, so that processes that began together
 * do not keep asking together.
 */
final class WaitingRoom implements AutoCloseable {
  private static final long MILLI = 1_000_000;
  private static final long LOCAL_PAUSE_NANOS = MILLI;
  private static final long LOCAL_LATER_NANOS = 4 * MILLI;
  private static final long LOCAL_EAGER_NANOS = 1_000 * MILLI;
  private static final long REMOTE_FIRST_NANOS = 10 * MILLI;
  private static final long REMOTE_LAST_NANOS = 500 * MILLI;

  private final LeaseManager manager;
  private final Acquisitions acquisitions;
  private final StoreCalls calls;
  private final boolean local;
  private final SplittableRandom random = new SplittableRandom();
  private final Map<String, ArrayDeque<Waiter>> queues = new LinkedHashMap<>();
  private @Nullable Sweeper sweeper;
  private @Nullable Registration freed;
  private volatile boolean anybody;
  private boolean closed;

  WaitingRoom(LeaseManager manager, Acquisitions acquisitions, StoreCalls calls) {
    this.manager = manager;
    this.acquisitions = acquisitions;
    this.calls = calls;
    this.local = calls.isLocal();
  }

  /** Waits for a key; the future completes elsewhere than on the asking thread if asked to. */
  CompletableFuture<Lease> enter(
      String key, LeaseTiming timing, String note, Duration timeout, boolean elsewhere) {
    long now = manager.nanoTime();
    long left =
        timeout.compareTo(LeaseTiming.LONGEST) > 0
            ? LeaseTiming.LONGEST.toNanos()
            : Math.max(0, timeout.toNanos());
    Waiter waiter =
        new Waiter(
            key,
            timing,
            note,
            now,
            now + left,
            elsewhere,
            local ? LOCAL_PAUSE_NANOS : REMOTE_FIRST_NANOS);
    Sweeper thread;
    synchronized (this) {
      if (closed) {
        throw new IllegalStateException("the lease manager is closed");
      }
      queues.computeIfAbsent(key, missing -> new ArrayDeque<>()).add(waiter);
      anybody = true;
      thread = sweeper;
      if (thread == null) {
        thread = new Sweeper("ullage-lease-waiter", manager::nanoTime, this::sweep);
        sweeper = thread;
        freed = calls.onFreed(this::released);
        thread.start();
      }
    }
    thread.due(now);
    return waiter.future;
  }

  /** Ends a wait whose caller was interrupted; a lease that came in this moment is given back. */
  void leave(CompletableFuture<Lease> future) {
    future.cancel(false);
    if (!future.isCancelled() && !future.isCompletedExceptionally()) {
      future.join().close();
    }
  }

  /** A lease was given back: of this process, or of another whose store tells so. */
  void released(String key) {
    if (!anybody) {
      return;
    }
    Sweeper thread;
    synchronized (this) {
      ArrayDeque<Waiter> queue = queues.get(key);
      thread = sweeper;
      if (queue == null || thread == null) {
        return;
      }
      for (Waiter waiter : queue) {
        waiter.askAt = 0;
        waiter.askAgain = waiter.asking;
      }
    }
    thread.due(0);
  }

  private long sweep(long now) {
    List<Waiter> toAsk = new ArrayList<>();
    List<Waiter> tooLate = new ArrayList<>();
    long nextAt = Sweeper.NEVER;
    synchronized (this) {
      for (ArrayDeque<Waiter> queue : queues.values()) {
        queue.removeIf(waiter -> waiter.over || waiter.future.isDone());
        boolean first = true;
        for (Waiter waiter : queue) {
          if (first && !waiter.asking && now >= waiter.askAt) {
            waiter.asking = true;
            waiter.askAgain = false;
            toAsk.add(waiter);
          } else if (now >= waiter.until) {
            // Also one whose question hangs in the store.
            tooLate.add(waiter);
          }
          nextAt = Math.min(nextAt, Math.max(waiter.until, now + MILLI));
          first = false;
        }
      }
      queues.values().removeIf(ArrayDeque::isEmpty);
      anybody = !queues.isEmpty();
    }
    toAsk.forEach(waiter -> calls.handOver(waiter.key, () -> ask(waiter)));
    tooLate.forEach(this::refuse);
    synchronized (this) {
      for (ArrayDeque<Waiter> queue : queues.values()) {
        Waiter head = queue.peek();
        if (head != null && head.over) {
          // Whoever came next is to be asked for at once.
          nextAt = now;
        } else if (head != null && !head.asking) {
          nextAt = Math.min(nextAt, head.askAt);
        }
      }
    }
    return nextAt;
  }

  private void ask(Waiter waiter) {
    ManagedLease lease = null;
    try {
      lease = acquisitions.attemptHere(waiter.key, waiter.timing, waiter.note, true);
      waiter.failure = null;
      if (lease == null && !waiter.refused) {
        waiter.refused = true;
        if (!local) {
          // A caller of a local store was counted when its own attempt failed.
          manager.counters().contended.increment();
        }
      }
    } catch (LeaseStoreException failure) {
      waiter.failure = failure;
      if (local && failure.fault() != StoreFault.TIMEOUT) {
        end(waiter, () -> waiter.future.completeExceptionally(failure));
      }
    } catch (RuntimeException | Error failure) {
      end(waiter, () -> waiter.future.completeExceptionally(failure));
    }
    if (lease != null) {
      hand(waiter, lease);
    } else if (manager.nanoTime() >= waiter.until) {
      refuse(waiter);
    }
    long askAt = manager.nanoTime() + pause(waiter);
    synchronized (this) {
      if (waiter.askAgain) {
        askAt = 0;
      }
      waiter.askAt = askAt;
      waiter.asking = false;
    }
    Sweeper thread = sweeper();
    if (thread != null && !thread.isCurrentThread()) {
      thread.due(waiter.over ? 0 : askAt);
    }
  }

  private synchronized @Nullable Sweeper sweeper() {
    return sweeper;
  }

  private void hand(Waiter waiter, ManagedLease lease) {
    long waited = manager.nanoTime() - waiter.since;
    manager.counters().waitNanos.add(waited);
    LeaseEvents.acquired(lease, waited);
    end(
        waiter,
        () -> {
          if (!waiter.future.complete(lease)) {
            // It was cancelled, or refused while its question hung in the store.
            lease.close();
          }
        });
  }

  /** Ends a wait; on a thread for callbacks if whoever waits may have hung work on its future. */
  private void end(Waiter waiter, Runnable completion) {
    waiter.over = true;
    if (waiter.elsewhere) {
      manager.callBack(completion);
    } else {
      completion.run();
    }
  }

  private void refuse(Waiter waiter) {
    if (waiter.over) {
      return;
    }
    waiter.over = true;
    manager.counters().waitNanos.add(manager.nanoTime() - waiter.since);
    RuntimeException failure = waiter.failure;
    if (failure == null && waiter.asking && !waiter.refused) {
      failure =
          new LeaseStoreException(
              StoreFault.TIMEOUT,
              "the lease store did not answer while key '" + waiter.key + "' was waited for");
    }
    if (failure != null) {
      RuntimeException why = failure;
      end(waiter, () -> waiter.future.completeExceptionally(why));
      return;
    }
    CompletableFuture<Void> ignored =
        calls
            .holder(waiter.key)
            .thenAccept(
                holder ->
                    end(
                        waiter,
                        () ->
                            waiter.future.completeExceptionally(
                                new LeaseHeldException(waiter.key, holder))));
  }

  private long pause(Waiter waiter) {
    long pause = waiter.pauseNanos;
    if (local) {
      boolean eager = manager.nanoTime() - waiter.since < LOCAL_EAGER_NANOS;
      waiter.pauseNanos = eager ? LOCAL_PAUSE_NANOS : LOCAL_LATER_NANOS;
    } else {
      waiter.pauseNanos = Math.min(pause * 2, REMOTE_LAST_NANOS);
    }
    synchronized (random) {
      return pause / 2 + random.nextLong(pause);
    }
  }

  @Override
  public void close() {
    Sweeper thread;
    Registration hints;
    List<Waiter> all = new ArrayList<>();
    synchronized (this) {
      closed = true;
      thread = sweeper;
      hints = freed;
      queues.values().forEach(all::addAll);
      queues.clear();
      anybody = false;
    }
    if (hints != null) {
      hints.close();
    }
    if (thread != null) {
      thread.close();
    }
    for (Waiter waiter : all) {
      waiter.future.completeExceptionally(new IllegalStateException("the lease manager is closed"));
    }
  }
}
