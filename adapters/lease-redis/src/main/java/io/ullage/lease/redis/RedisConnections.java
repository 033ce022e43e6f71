package io.ullage.lease.redis;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Deque;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The connections of a store: each is asked by one thread at a time, so that no answer waits behind
 * another that waits for replicas.
 *
 * <p>Once one was found broken, or did not answer in time, all that are idle are given up with it:
 * they lead to the same server, and after a partition new ones work at once, where old ones would
 * wait for their retransmission.
 */
final class RedisConnections implements AutoCloseable {
  /**
   * One thread of a server runs all scripts, each for some 10 µs: with a round trip of 150 µs this
   * many are enough to keep it busy.
   */
  private static final int MOST_CONNECTIONS = 16;

  /** Name resolution, TLS and a first use of classes take longer than a request. */
  private static final Duration LEAST_CONNECT_TIMEOUT = Duration.ofSeconds(3);

  private final RedisLeaseOptions options;
  private final @Nullable Tls tls;
  private final Duration connectTimeout;
  private final Executor threads;

  /** One for each connection that there is or is being made, but for those that listen. */
  private final Semaphore permits = new Semaphore(MOST_CONNECTIONS);

  private final Lookout lookout = new Lookout(() -> MOST_CONNECTIONS - permits.availablePermits());
  private final Deque<RedisConnection> idle = new ConcurrentLinkedDeque<>();
  private final Set<RedisConnection> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger generation = new AtomicInteger();
  private volatile boolean closed;

  /**
   * No connections yet.
   *
   * @param threads connect, which may take long where a name has to be resolved
   * @throws IllegalArgumentException if the authorities to trust cannot be read
   */
  RedisConnections(RedisLeaseOptions options, Executor threads) {
    this.options = options;
    this.tls = options.tls() ? new Tls(options.certificates()) : null;
    this.threads = threads;
    this.connectTimeout =
        options.requestTimeout().compareTo(LEAST_CONNECT_TIMEOUT) > 0
            ? options.requestTimeout()
            : LEAST_CONNECT_TIMEOUT;
  }

  /** How long a connection may take to be made. */
  long connectNanos() {
    return connectTimeout.toNanos();
  }

  /**
   * A connection that nobody else asks meanwhile, to be given to {@link #giveBack} or {@link
   * #giveUp}. An interrupt ends no wait.
   *
   * @throws SocketTimeoutException if there is none at the deadline
   * @throws IOException if none can be made
   */
  RedisConnection take(long deadlineNanos) throws IOException {
    if (!takePermit(deadlineNanos)) {
      throw new SocketTimeoutException("all connections are taken");
    }
    for (RedisConnection before; (before = idle.pollFirst()) != null; ) {
      if (before.generation() == generation.get()) {
        return before;
      }
      drop(before);
    }
    return connect(deadlineNanos);
  }

  private boolean takePermit(long deadlineNanos) {
    if (permits.tryAcquire()) {
      return true;
    }
    return uninterrupted(
        () -> permits.tryAcquire(deadlineNanos - System.nanoTime(), TimeUnit.NANOSECONDS));
  }

  /** A wait, which is begun again after an interrupt. */
  @FunctionalInterface
  private interface Wait<T, E extends Exception> {
    T once() throws InterruptedException, E;
  }

  /** Waits, as often as it is interrupted; the interrupt is there again afterwards. */
  private static <T, E extends Exception> T uninterrupted(Wait<T, E> wait) throws E {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return wait.once();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Connects elsewhere; whoever does not wait so long leaves the connection to others. */
  private RedisConnection connect(long deadlineNanos) throws IOException {
    CompletableFuture<RedisConnection> made = new CompletableFuture<>();
    try {
      threads.execute(
          () -> {
            try {
              made.complete(open());
            } catch (IOException | RuntimeException | Error e) {
              made.completeExceptionally(e);
            }
          });
      return uninterrupted(() -> inTime(made, deadlineNanos));
    } catch (RejectedExecutionException e) {
      permits.release();
      throw new IOException("the store was closed", e);
    }
  }

  /** A connection that is being made, if it is made in time. */
  private RedisConnection inTime(CompletableFuture<RedisConnection> made, long deadlineNanos)
      throws InterruptedException, IOException {
    try {
      return made.get(deadlineNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      CompletableFuture<RedisConnection> ignored = made.whenComplete(this::leaveToOthers);
      throw new SocketTimeoutException("no connection in time");
    } catch (ExecutionException e) {
      permits.release();
      throw e.getCause() instanceof IOException failure ? failure : new IOException(e.getCause());
    }
  }

  private void leaveToOthers(@Nullable RedisConnection late, @Nullable Throwable failure) {
    if (late == null) {
      permits.release();
    } else {
      giveBack(late);
    }
  }

  /**
   * Connects on this thread, beyond those that are counted.
   *
   * @return a connection, which ends with the store or by {@link #drop}
   */
  RedisConnection open() throws IOException {
    RedisConnection connection =
        RedisConnection.open(
            options, tls, lookout, generation.get(), (int) connectTimeout.toMillis());
    open.add(connection);
    if (closed) {
      drop(connection);
      throw new IOException("the store was closed");
    }
    return connection;
  }

  /** It has answered all that it was asked. */
  void giveBack(RedisConnection connection) {
    if (connection.generation() == generation.get() && !closed) {
      connection.markReused();
      idle.addFirst(connection);
    } else {
      drop(connection);
    }
    permits.release();
  }

  /** It is of no more use, nor is any that is idle; who gives it up drops it in time. */
  void giveUp(RedisConnection connection) {
    generation.compareAndSet(connection.generation(), connection.generation() + 1);
    permits.release();
  }

  void drop(RedisConnection connection) {
    open.remove(connection);
    connection.close();
  }

  @Override
  public void close() {
    closed = true;
    idle.clear();
    open.forEach(this::drop);
  }
}
