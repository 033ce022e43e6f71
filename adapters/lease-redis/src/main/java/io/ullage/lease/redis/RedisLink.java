package io.ullage.lease.redis;

import io.ullage.lease.LeaseStoreException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisDataException;

/**
 * The way to the server. Whoever asks writes and reads on its own thread, on a connection that is
 * its own meanwhile; that spares the two changes of threads that a common one would cost. Only
 * virtual threads hand their question to a thread of the link: an interrupt would close the socket
 * that they wait for.
 *
 * <p><b>Repeating.</b> What has no answer when its connection ends is asked once more on a new one,
 * if that connection had been asked before: the server may have ended it since, and nothing but
 * asking tells. What ran twice did the same twice, since each acquisition has an owner's name of
 * its own. Nothing is repeated that was not answered in time.
 *
 * <p><b>Undoing.</b> An acquisition whose answer is not seen may have been granted, or may still
 * be. Its release is sent behind it on the same connection, so that the server runs it later in any
 * case; only if that connection is broken, on another one. A release that comes before its
 * acquisition is lost, and then the key is taken for one TTL.
 */
final class RedisLink implements AutoCloseable {
  private static final long CLOSE_MILLIS = 2_000;

  /**
   * After its time a connection is closed under who still writes on it; reads end by themselves.
   */
  private static final Duration LATE = Duration.ofMillis(100);

  /** A server in reach has read by then what was sent last. */
  private static final Duration LINGER = Duration.ofSeconds(1);

  private final RedisLeaseOptions options;
  private final Faults faults;
  private final String namespace;
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          Thread.ofPlatform().daemon().name("ullage-redis-", 0).factory());

  /** Makes its thread when something is first scheduled. */
  private final ScheduledThreadPoolExecutor timer =
      new ScheduledThreadPoolExecutor(
          1, Thread.ofPlatform().daemon().name("ullage-redis-timer").factory());

  private final RedisConnections connections;
  private volatile boolean closed;

  RedisLink(RedisLeaseOptions options, Faults faults) {
    this.options = options;
    this.faults = faults;
    this.namespace = options.prefix() + ":leases";
    this.connections = new RedisConnections(options, threads);
    timer.setRemoveOnCancelPolicy(true);
  }

  /** The key of the hash that has all records. */
  String namespace() {
    return namespace;
  }

  /** For what is due later, and short. */
  ScheduledExecutorService timer() {
    return timer;
  }

  /** A connection to listen on, made on this thread; to be dropped by who asked for it. */
  RedisConnection openListening() throws IOException {
    return connections.open();
  }

  /** Ends a connection that {@link #openListening} made. */
  void drop(RedisConnection connection) {
    connections.drop(connection);
  }

  // ---- asking ----

  /**
   * Runs a script, and waits for its answer, interrupts notwithstanding: the wait is short, and an
   * answer that nobody takes could be a lease.
   *
   * @throws LeaseStoreException if there was none in time, or it is a failure
   */
  Answer call(ScriptCall call) {
    ask(List.of(call), call.timeoutNanos(), false);
    return Faults.join(call.answer());
  }

  /**
   * Runs scripts, all of them sent before the first answer is waited for, and returns when each has
   * its answer or has failed.
   *
   * @param calls what to run
   * @param patienceNanos how long to wait for a connection
   */
  void callAll(List<ScriptCall> calls, long patienceNanos) {
    ask(calls, patienceNanos, true);
  }

  private void ask(List<ScriptCall> calls, long patienceNanos, boolean isMuch) {
    requireOpen();
    long begun = System.nanoTime();
    List<ScriptCall> left = calls;
    boolean repeated = false;
    while (true) {
      RedisConnection connection;
      try {
        connection = connections.take(begun + patienceNanos);
      } catch (IOException e) {
        failAll(left, failure(e, patienceNanos));
        return;
      }
      Exchange exchange = new Exchange(connection, left, begun, repeated);
      if (ran(exchange, isMuch)) {
        return;
      }
      left = exchange.unanswered();
      repeated = true;
    }
  }

  /** Runs it where a thread may wait for a socket; false if it is to be repeated. */
  private boolean ran(Exchange exchange, boolean isMuch) {
    if (!Thread.currentThread().isVirtual()) {
      return isMuch ? runMuch(exchange) : run(exchange);
    }
    try {
      return CompletableFuture.supplyAsync(
              () -> isMuch ? runMuch(exchange) : run(exchange), threads)
          .join();
    } catch (RejectedExecutionException e) {
      giveUp(exchange.connection());
      failAll(exchange.unanswered(), failure(new IOException(e), 0));
      return true;
    }
  }

  /**
   * A write has no bound of its own: it waits where the server takes no more. A single question
   * always has room, since what was sent before it on its connection was answered.
   */
  private boolean runMuch(Exchange exchange) {
    Future<?> watch = later(exchange.connection()::close, exchange.leftNanos() + LATE.toNanos());
    try {
      return run(exchange);
    } finally {
      watch.cancel(false);
    }
  }

  private boolean run(Exchange exchange) {
    RedisConnection connection = exchange.connection();
    try {
      exchange.run(faults, namespace, options.replicas());
      connections.giveBack(connection);
      return true;
    } catch (IOException e) {
      if (!closed && exchange.mayBeRepeated(e)) {
        giveUp(connection);
        return false;
      }
      boolean isLate = e instanceof SocketTimeoutException || exchange.leftNanos() <= 0;
      undo(exchange, isLate);
      failAll(
          exchange.unanswered(),
          failure(isLate ? new SocketTimeoutException() : e, exchange.timeoutNanos()));
      return true;
    } catch (RuntimeException | Error e) {
      giveUp(connection);
      throw e;
    }
  }

  private LeaseStoreException failure(IOException e, long timeoutNanos) {
    if (closed) {
      return faults.of(new IOException("the store was closed", e));
    }
    return e instanceof SocketTimeoutException ? faults.timeout(timeoutNanos) : faults.of(e);
  }

  private static void failAll(List<ScriptCall> calls, LeaseStoreException failure) {
    for (ScriptCall call : calls) {
      call.answer().completeExceptionally(failure);
    }
  }

  // ---- undoing ----

  private void undo(Exchange exchange, boolean mayStillRun) {
    RedisConnection connection = exchange.connection();
    ScriptCall undo = exchange.undo();
    // By its text: nobody would see that the server does not know its digest.
    if (undo == null
        || closed
        || !mayStillRun
        || !connection.sendLast(undo.command(true, namespace))) {
      giveUp(connection);
      if (undo != null) {
        undoLater(undo);
      }
      return;
    }
    connections.giveUp(connection);
    // Not at once: what has come in and was not read would break the connection then.
    Future<?> ignored = later(() -> connections.drop(connection), LINGER.toNanos());
  }

  /** Runs a script about which nobody waits to hear. */
  void undoLater(ScriptCall undo) {
    inBackground(
        () -> {
          try {
            ask(List.of(undo), connections.connectNanos(), false);
          } catch (IllegalStateException storeClosed) {
            // The key frees itself when its TTL ends.
            return;
          }
        });
  }

  /** Runs something on a thread of the link; not at all once that is closed. */
  void inBackground(Runnable task) {
    try {
      threads.execute(task);
    } catch (RejectedExecutionException storeClosed) {
      // As above.
      return;
    }
  }

  private Future<?> later(Runnable task, long delayNanos) {
    try {
      return timer.schedule(task, delayNanos, TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException storeClosed) {
      task.run();
      return CompletableFuture.completedFuture(null);
    }
  }

  private void giveUp(RedisConnection connection) {
    connections.giveUp(connection);
    connections.drop(connection);
  }

  // ---- opening and closing ----

  /** Connects, and returns what the server says of its memory; nothing if it may not be asked. */
  String connect() {
    return Faults.join(CompletableFuture.supplyAsync(this::memory, threads));
  }

  private String memory() {
    try {
      RedisConnection connection = connections.take(System.nanoTime() + connections.connectNanos());
      try {
        connection.send(new CommandArguments(Command.INFO).add("memory"));
        Object memory = connection.receive(System.nanoTime() + connections.connectNanos());
        connections.giveBack(connection);
        if (memory instanceof JedisDataException refusal
            && String.valueOf(refusal.getMessage()).startsWith("NOAUTH")) {
          throw faults.refused(refusal);
        }
        return memory instanceof String text ? text : "";
      } catch (IOException e) {
        giveUp(connection);
        throw e;
      }
    } catch (IOException e) {
      throw failure(e, connections.connectNanos());
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the lease store is closed");
    }
  }

  @Override
  public void close() {
    closed = true;
    threads.shutdown();
    timer.shutdownNow();
    connections.close();
    boolean interrupted = Thread.interrupted();
    try {
      threads.awaitTermination(CLOSE_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
