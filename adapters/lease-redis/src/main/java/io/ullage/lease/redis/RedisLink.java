package io.ullage.lease.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SslOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.metrics.CommandLatencyRecorder;
import io.lettuce.core.protocol.ProtocolVersion;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.resource.ClientResources;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutorGroup;
import io.ullage.lease.LeaseStoreException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The way to the server: one connection for all requests of a store, which follow one another on it
 * without waiting for answers.
 *
 * <p>A request is sent at most once. The client's own reconnecting is off, because it sends again
 * what was not answered: an acquisition that had succeeded would then be refused as held. Instead
 * the next request after a loss connects, and whoever asked decides whether to ask again. A
 * connection on which nothing was answered for a whole request timeout is given up in the same way:
 * after a partition a new one works at once, where the old one would wait for its retransmission.
 */
final class RedisLink implements AutoCloseable {
  /** Name resolution, TLS and a first use of the client's classes take longer than a request. */
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);

  private static final long CLOSE_MILLIS = 2_000;

  private final RedisLeaseOptions options;
  private final Faults faults;
  private final String[] namespace;
  private final RedisURI server;
  private final ClientResources resources;
  private final RedisClient client;
  private volatile @Nullable StatefulRedisConnection<String, String> current;

  /** When the request was sent that waits longest for an answer; 0 if there is none. */
  private volatile long unansweredSince;

  private @Nullable CompletableFuture<StatefulRedisConnection<String, String>> connecting;
  private volatile boolean closed;

  RedisLink(RedisLeaseOptions options, Faults faults) {
    this.options = options;
    this.faults = faults;
    this.namespace = new String[] {options.prefix() + ":leases"};
    Duration connectTimeout =
        options.requestTimeout().compareTo(CONNECT_TIMEOUT) > 0
            ? options.requestTimeout()
            : CONNECT_TIMEOUT;
    this.server = server(options, connectTimeout);
    ClientOptions clientOptions = clientOptions(options, connectTimeout);
    this.resources =
        // Two of each are the least that the client takes.
        ClientResources.builder()
            .ioThreadPoolSize(2)
            .computationThreadPoolSize(2)
            .threadFactoryProvider(pool -> new DefaultThreadFactory("ullage-redis", true))
            .commandLatencyRecorder(CommandLatencyRecorder.disabled())
            .build();
    this.client = RedisClient.create(resources, server);
    client.setOptions(clientOptions);
  }

  private static RedisURI server(RedisLeaseOptions options, Duration connectTimeout) {
    RedisURI.Builder builder =
        RedisURI.builder()
            .withHost(options.host())
            .withPort(options.port())
            .withDatabase(options.database())
            .withTimeout(connectTimeout)
            .withSsl(options.tls());
    String password = options.password();
    String user = options.user();
    if (password != null) {
      if (user == null) {
        builder.withPassword(password.toCharArray());
      } else {
        builder.withAuthentication(user, password.toCharArray());
      }
    }
    return builder.build();
  }

  private static ClientOptions clientOptions(RedisLeaseOptions options, Duration connectTimeout) {
    ClientOptions.Builder builder =
        ClientOptions.builder()
            .autoReconnect(false)
            .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
            // Everything that is asked here is older than RESP3.
            .protocolVersion(ProtocolVersion.RESP2)
            .socketOptions(
                SocketOptions.builder()
                    .connectTimeout(connectTimeout)
                    .keepAlive(true)
                    .tcpNoDelay(true)
                    .build());
    Path certificates = options.certificates();
    if (certificates != null) {
      Certificates.requireReadable(certificates);
      builder.sslOptions(SslOptions.builder().trustManager(certificates.toFile()).build());
    }
    return builder.build();
  }

  /** The key of the hash that has all records. */
  String namespace() {
    return namespace[0];
  }

  /** Where to do something later. */
  EventExecutorGroup timer() {
    return resources.eventExecutorGroup();
  }

  // ---- connections ----

  private CompletableFuture<StatefulRedisConnection<String, String>> connection() {
    CompletableFuture<StatefulRedisConnection<String, String>> promise;
    synchronized (this) {
      requireOpen();
      StatefulRedisConnection<String, String> open = current;
      if (open != null && open.isOpen()) {
        return CompletableFuture.completedFuture(open);
      }
      if (connecting != null) {
        return connecting;
      }
      promise = new CompletableFuture<>();
      connecting = promise;
    }
    CompletionStage<?> ignored =
        client
            .connectAsync(StringCodec.UTF8, server)
            .whenComplete((connection, failure) -> connected(promise, connection, failure));
    return promise;
  }

  private void connected(
      CompletableFuture<StatefulRedisConnection<String, String>> promise,
      @Nullable StatefulRedisConnection<String, String> connection,
      @Nullable Throwable failure) {
    synchronized (this) {
      connecting = null;
      unansweredSince = 0;
      current = connection;
    }
    if (connection == null) {
      promise.completeExceptionally(failure == null ? new IllegalStateException() : failure);
      return;
    }
    if (closed) {
      giveUp(connection);
    }
    promise.complete(connection);
  }

  /** A connection of its own, for a channel. */
  CompletableFuture<StatefulRedisPubSubConnection<String, String>> connectChannel() {
    return client.connectPubSubAsync(StringCodec.UTF8, server).toCompletableFuture();
  }

  /** Something was not answered in time. */
  private void suspect() {
    StatefulRedisConnection<String, String> silent = current;
    long since = unansweredSince;
    if (silent != null
        && since != 0
        && System.nanoTime() - since >= options.requestTimeout().toNanos()) {
      giveUp(silent);
    }
  }

  /** What waits on it fails. */
  private void giveUp(StatefulRedisConnection<String, String> connection) {
    synchronized (this) {
      if (connection.equals(current)) {
        current = null;
        unansweredSince = 0;
      }
    }
    CompletableFuture<Void> ignored = connection.closeAsync();
  }

  // ---- requests ----

  /**
   * Runs a script, and does not wait for its answer.
   *
   * @param script the script
   * @param replicaMillis for how long to wait for replicas, 0 for none
   * @param arguments its arguments
   * @return what it answers; fails with what the client throws
   */
  CompletableFuture<Answer> send(LeaseScript script, long replicaMillis, String... arguments) {
    requireOpen();
    StatefulRedisConnection<String, String> open = current;
    if (open != null && open.isOpen()) {
      return run(open, script, replicaMillis, arguments);
    }
    return connection().thenCompose(made -> run(made, script, replicaMillis, arguments));
  }

  private CompletableFuture<Answer> run(
      StatefulRedisConnection<String, String> connection,
      LeaseScript script,
      long replicaMillis,
      String[] arguments) {
    if (unansweredSince == 0) {
      // Never 0 but for nothing; a nanosecond is no matter.
      unansweredSince = System.nanoTime() | 1;
    }
    RedisAsyncCommands<String, String> commands = connection.async();
    return confirmed(
            commands,
            commands.evalsha(script.digest(), ScriptOutputType.MULTI, namespace, arguments),
            replicaMillis)
        .exceptionallyCompose(
            failure ->
                isUnknownScript(failure)
                    ? confirmed(
                        commands,
                        commands.eval(script.text(), ScriptOutputType.MULTI, namespace, arguments),
                        replicaMillis)
                    : CompletableFuture.failedFuture(failure));
  }

  private CompletableFuture<Answer> confirmed(
      RedisAsyncCommands<String, String> commands,
      RedisFuture<List<Object>> answer,
      long replicaMillis) {
    if (replicaMillis == 0) {
      return answer
          .thenApply(
              values -> {
                unansweredSince = 0;
                return new Answer(values, Long.MAX_VALUE);
              })
          .toCompletableFuture();
    }
    // On this connection: it waits for what this connection wrote.
    return answer
        .thenCombine(
            commands.waitForReplication(options.replicas(), replicaMillis),
            (values, replicas) -> {
              unansweredSince = 0;
              return new Answer(values, replicas);
            })
        .toCompletableFuture();
  }

  private static boolean isUnknownScript(Throwable failure) {
    return failure instanceof RedisNoScriptException
        || (failure instanceof CompletionException
            && failure.getCause() instanceof RedisNoScriptException);
  }

  /**
   * Waits for an answer, interrupts notwithstanding: the wait is short, and an answer that nobody
   * takes could be a lease.
   *
   * @param answer what was sent for
   * @param timeoutNanos for how long
   * @param <T> its type
   * @return the answer
   * @throws LeaseStoreException if there was none in time, or it is a failure
   */
  <T> T await(CompletableFuture<T> answer, long timeoutNanos) {
    long giveUpAt = System.nanoTime() + timeoutNanos;
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return answer.get(giveUpAt - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } catch (ExecutionException e) {
      throw faults.of(e);
    } catch (TimeoutException e) {
      suspect();
      throw faults.timeout(timeoutNanos);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /**
   * An answer that fails if it does not come in time, for whoever does not wait for it.
   *
   * @param answer what was sent for
   * @param timeoutNanos how long it may take
   * @return a copy
   */
  CompletableFuture<Answer> within(CompletableFuture<Answer> answer, long timeoutNanos) {
    return answer
        .copy()
        .orTimeout(timeoutNanos, TimeUnit.NANOSECONDS)
        .whenComplete(
            (given, failure) -> {
              if (failure instanceof TimeoutException) {
                suspect();
              }
            });
  }

  /** Connects, and returns what the server says of its memory; nothing if it may not be asked. */
  String connect() {
    StatefulRedisConnection<String, String> made = await(connection(), CONNECT_TIMEOUT.toNanos());
    RedisFuture<String> memory = made.async().info("memory");
    return await(
        memory.exceptionally(refused -> "").toCompletableFuture(), CONNECT_TIMEOUT.toNanos());
  }

  void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the lease store is closed");
    }
  }

  @Override
  public void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
    }
    client.shutdown(0, CLOSE_MILLIS, TimeUnit.MILLISECONDS);
    resources.shutdown(0, CLOSE_MILLIS, TimeUnit.MILLISECONDS).awaitUninterruptibly(CLOSE_MILLIS);
  }
}
