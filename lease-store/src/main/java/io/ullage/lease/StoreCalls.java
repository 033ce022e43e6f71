package io.ullage.lease;

import io.ullage.core.Registration;
import io.ullage.lease.internal.RecordGrant;
import io.ullage.lease.internal.RecordHandle;
import io.ullage.lease.internal.Uninterrupted;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks a store, and waits no longer for its answer than it may take. A {@linkplain
 * LeaseStore#isLocal() local} store is asked on the caller's thread, and so is one that {@linkplain
 * LeaseStore#answersWithin promises} an answer within the call timeout; any other on threads of
 * their own, so that one that hangs holds up nobody past the call timeout. The heartbeat, the
 * watchdog and those who wait only hand questions over to a store that is not local.
 *
 * <p>What a store answers too late is undone: a key that it granted by then is given back.
 */
final class StoreCalls implements AutoCloseable {
  private final LeaseStore store;
  private final @Nullable ClockedStore clocked;
  private final boolean local;
  private final long timeoutNanos;

  /** How long an answer takes at most if the store promises it, else for ever. */
  private final long answerNanos;

  private final ExecutorService calls = ManagerThreads.calls();
  private final ExecutorService renewals = ManagerThreads.renewals();

  StoreCalls(LeaseStore store, Duration timeout, LongSupplier nanoClock) {
    this.store = store;
    this.clocked = store instanceof ClockedStore known && known.isOn(nanoClock) ? known : null;
    this.local = store.isLocal();
    this.timeoutNanos = timeout.toNanos();
    Duration promised = store.answersWithin();
    this.answerNanos = promised.isPositive() ? promised.toNanos() : Long.MAX_VALUE;
  }

  boolean isLocal() {
    return local;
  }

  /**
   * What may take long on a local store, and comes before the clock is read.
   *
   * @return where the key's record is, if this is such a store
   */
  @Nullable RecordHandle prepare(String key) {
    return clocked == null ? null : clocked.prepare(key);
  }

  @Nullable LeaseGrant tryAcquire(
      String key,
      @Nullable RecordHandle place,
      long ttlNanos,
      String note,
      boolean waiting,
      long nowNanos) {
    if (isAskedHere()) {
      return tryAcquireHere(key, place, ttlNanos, note, waiting, nowNanos);
    }
    LeaseRequest request = new LeaseRequest(key, ttlNanos, note, waiting);
    return ask("tryAcquire", () -> store.tryAcquire(request), StoreCalls::giveBack);
  }

  /** Whether an answer comes soon enough for the caller's own thread to wait for it. */
  private boolean isAskedHere() {
    return local || answerNanos <= timeoutNanos;
  }

  /** Asks on the caller's thread, however long it takes. */
  @Nullable LeaseGrant tryAcquireHere(
      String key,
      @Nullable RecordHandle place,
      long ttlNanos,
      String note,
      boolean waiting,
      long nowNanos) {
    return clocked == null || place == null
        ? store.tryAcquire(new LeaseRequest(key, ttlNanos, note, waiting))
        : clocked.tryAcquire(place, ttlNanos, note, waiting, nowNanos);
  }

  Optional<LeaseView> peek(String key) {
    return isAskedHere() ? store.peek(key) : ask("peek", () -> store.peek(key), late -> {});
  }

  List<LeaseView> list() {
    return local ? store.list() : ask("list", store::list, late -> {});
  }

  boolean revoke(String key, String reason) {
    return isAskedHere()
        ? store.revoke(key, reason)
        : ask("revoke", () -> store.revoke(key, reason), late -> {});
  }

  /** Completes with the view of a key's holder, with null if the store does not say in time. */
  CompletableFuture<@Nullable LeaseView> holder(String key) {
    CompletableFuture<@Nullable LeaseView> holder = new CompletableFuture<>();
    Runnable question =
        () -> {
          try {
            holder.complete(store.peek(key).orElse(null));
          } catch (RuntimeException | Error e) {
            holder.complete(null);
          }
        };
    if (local) {
      question.run();
      return holder;
    }
    ManagerThreads.execute(calls, question);
    return holder.completeOnTimeout(null, timeoutNanos, TimeUnit.NANOSECONDS);
  }

  /**
   * Hands a question about a key over to a thread of its own; on the caller's thread if the store
   * is local and has the key's record at hand.
   */
  void handOver(String key, Runnable question) {
    if (local && (clocked == null || clocked.isPrepared(key))) {
      question.run();
    } else {
      ManagerThreads.execute(calls, question);
    }
  }

  /** The grant, if it is renewed by one compare-and-set and on the manager's own clock. */
  @Nullable RecordGrant record(LeaseGrant grant) {
    return clocked != null && grant instanceof RecordGrant record ? record : null;
  }

  /** Runs a renewal or a release, on the caller's thread if the store is local. */
  void renew(Runnable renewal) {
    if (local) {
      renewal.run();
    } else {
      ManagerThreads.execute(renewals, renewal);
    }
  }

  /** Whether a heartbeat's renewals are asked for at once. */
  boolean renewsTogether() {
    return !local && store.renewsTogether();
  }

  /** Asks for many renewals at once, on a thread that a store that hangs may hold up. */
  void renewAll(List<RenewalRequest> requests) {
    ManagerThreads.execute(
        renewals,
        () -> {
          try {
            store.renewAll(requests);
          } catch (RuntimeException | Error failure) {
            requests.forEach(request -> request.answer().completeExceptionally(failure));
          }
        });
  }

  /** Tells a listener about keys that may have become free. */
  Registration onFreed(Consumer<? super String> listener) {
    return store.onFreed(listener);
  }

  /** Runs a release that nobody waits for, where it holds up nobody. */
  void releaseElsewhere(Runnable release, boolean mayBlock) {
    if (mayBlock) {
      ManagerThreads.execute(calls, release);
    } else {
      renew(release);
    }
  }

  /**
   * Gives a key back.
   *
   * @return whether the store answered in time
   */
  boolean release(LeaseGrant grant, long withinNanos) {
    if (local || answerNanos <= withinNanos) {
      return isAnswered(grant);
    }
    CompletableFuture<Boolean> answer = new CompletableFuture<>();
    ManagerThreads.execute(calls, () -> answer.complete(isAnswered(grant)));
    try {
      return answer.get(withinNanos, TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      // The release goes on behind our back.
      Thread.currentThread().interrupt();
      return true;
    } catch (ExecutionException | TimeoutException e) {
      return false;
    }
  }

  /** Frees the key or finds it gone; false if the store failed. */
  private static boolean isAnswered(LeaseGrant grant) {
    try {
      grant.release();
      return true;
    } catch (RuntimeException e) {
      return false;
    }
  }

  /**
   * Runs releases beside one another, for as long as one may take.
   *
   * @return how many did not end in time
   */
  int releaseAll(Collection<Runnable> releases, long withinNanos) {
    if (local) {
      releases.forEach(Runnable::run);
      return 0;
    }
    List<CompletableFuture<Void>> answers =
        releases.stream().map(release -> CompletableFuture.runAsync(release, renewals)).toList();
    try {
      CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
          .get(withinNanos, TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      return (int) answers.stream().filter(answer -> !answer.isDone()).count();
    }
    return 0;
  }

  private static void giveBack(@Nullable LeaseGrant grant) {
    if (grant != null) {
      grant.release();
    }
  }

  private <T extends @Nullable Object> T ask(
      String question, Supplier<T> call, Consumer<T> tooLate) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    try {
      calls.execute(() -> answer(call, answer, tooLate));
    } catch (RejectedExecutionException e) {
      throw new IllegalStateException("the lease manager is closed", e);
    }
    return await(question, answer);
  }

  private static <T extends @Nullable Object> void answer(
      Supplier<T> call, CompletableFuture<T> answer, Consumer<T> tooLate) {
    try {
      T given = call.get();
      if (!answer.complete(given)) {
        tooLate.accept(given);
      }
    } catch (RuntimeException | Error e) {
      answer.completeExceptionally(e);
    }
  }

  private <T extends @Nullable Object> T await(String question, CompletableFuture<T> answer) {
    long giveUpAt = System.nanoTime() + timeoutNanos;
    try {
      // The wait is bounded, and whoever interrupted finds the flag set after it.
      return Uninterrupted.<T, ExecutionException>await(
          () -> {
            try {
              return answer.get(giveUpAt - System.nanoTime(), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
              // If the answer comes in this moment it counts, and is what is found here.
              answer.completeExceptionally(timedOut(question));
              return answer.get();
            }
          });
    } catch (ExecutionException e) {
      throw unchecked(e.getCause());
    }
  }

  private LeaseStoreException timedOut(String question) {
    return new LeaseStoreException(
        StoreFault.TIMEOUT,
        "the lease store did not answer "
            + question
            + " within the call timeout of "
            + LeaseTiming.text(Duration.ofNanos(timeoutNanos)));
  }

  private static RuntimeException unchecked(@Nullable Throwable thrown) {
    if (thrown instanceof RuntimeException e) {
      return e;
    }
    if (thrown instanceof Error e) {
      throw e;
    }
    return new IllegalStateException(thrown);
  }

  @Override
  public void close() {
    ManagerThreads.end(renewals);
    ManagerThreads.end(calls);
  }
}
