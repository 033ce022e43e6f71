package io.ullage.lease.redis;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.ClientSetInfoConfig;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.util.RedisOutputStream;
import redis.clients.jedis.util.SafeEncoder;

/**
 * One connection to the server, for one thread at a time: commands go out, answers come back in the
 * same order. One that failed, or whose answer did not come in time, is of no more use for anything
 * else.
 *
 * <p>Sends and receives on the thread that asks. It must be a platform thread: an interrupt closes
 * the socket that a virtual one waits for.
 */
final class RedisConnection implements AutoCloseable {
  private static final long NANOS_PER_MILLI = 1_000_000;

  private final RedisSocket socket;
  private final Client client;
  private final Lookout lookout;
  private final int generation;
  private boolean reused;

  /** The client's connection, which sends what it has when it is told to. */
  private static final class Client extends Connection {
    Client(RedisSocket socket, DefaultJedisClientConfig config) {
      super(socket, config);
    }

    void flushNow() {
      flush();
    }
  }

  private RedisConnection(RedisSocket socket, Client client, Lookout lookout, int generation) {
    this.socket = socket;
    this.client = client;
    this.lookout = lookout;
    this.generation = generation;
  }

  /**
   * Connects and makes itself known.
   *
   * @throws IOException if nobody answers in time, or the server does not want this user: then its
   *     cause is a {@link JedisDataException}
   */
  static RedisConnection open(
      RedisLeaseOptions options,
      @Nullable Tls tls,
      Lookout lookout,
      int generation,
      int timeoutMillis)
      throws IOException {
    RedisSocket socket = new RedisSocket(options, tls, timeoutMillis);
    DefaultJedisClientConfig config =
        DefaultJedisClientConfig.builder()
            .serverDefaultProtocol()
            .clientSetInfoConfig(ClientSetInfoConfig.DISABLED)
            .socketTimeoutMillis(timeoutMillis)
            .user(options.user())
            .password(options.password())
            .database(options.database())
            .build();
    try {
      return new RedisConnection(socket, new Client(socket, config), lookout, generation);
    } catch (RuntimeException e) {
      socket.close();
      throw plain(e);
    }
  }

  /** Which generation of connections it is of. */
  int generation() {
    return generation;
  }

  /** Whether something was asked on it before, so that the server may have ended it since. */
  boolean isReused() {
    return reused;
  }

  /** It has answered all, and may be asked again. */
  void markReused() {
    reused = true;
  }

  /** Sends a command, at the latest when an answer is waited for. */
  void send(CommandArguments command) throws IOException {
    try {
      client.sendCommand(command);
    } catch (RuntimeException e) {
      throw plain(e);
    }
  }

  /** Sends a script, by its text or its digest, and what is to wait for replicas. */
  void send(ScriptCall call, boolean byText, String namespace, int replicas) throws IOException {
    send(call.command(byText, namespace));
    if (call.replicaMillis() > 0) {
      // On this connection: it waits for what this connection wrote.
      send(new CommandArguments(Command.WAIT).add(replicas).add(call.replicaMillis()));
    }
  }

  /**
   * The next answer: a Long, a String, a List of these, or the {@link JedisDataException} that is
   * the server's refusal.
   *
   * @throws SocketTimeoutException at the deadline, if nothing of it has come
   */
  Object receive(long deadlineNanos) throws IOException {
    long left = deadlineNanos - System.nanoTime();
    if (left <= 0) {
      throw new SocketTimeoutException("no answer in time");
    }
    try {
      client.setSoTimeout((int) ((left + NANOS_PER_MILLI - 1) / NANOS_PER_MILLI));
      Object answer = SafeEncoder.encodeObject(client.getOne());
      if (answer == null) {
        throw new EOFException("an answer without a value");
      }
      return answer;
    } catch (JedisDataException refusal) {
      return refusal;
    } catch (RuntimeException e) {
      throw plain(e);
    }
  }

  /** Sends what is not sent yet, and looks for the first answer if that may come soon. */
  void look() throws IOException {
    try {
      client.flushNow();
      lookout.look(socket);
    } catch (RuntimeException e) {
      throw plain(e);
    }
  }

  /** The answer to a script: an {@link Answer} or a {@link JedisDataException}. */
  Object receive(ScriptCall call, long deadlineNanos, boolean repeated) throws IOException {
    Object values = receive(deadlineNanos);
    Object replicas = call.replicaMillis() > 0 ? receive(deadlineNanos) : Long.MAX_VALUE;
    if (values instanceof JedisDataException) {
      return values;
    }
    if (replicas instanceof JedisDataException) {
      return replicas;
    }
    if (values instanceof List<?> list && replicas instanceof Long count) {
      return new Answer(List.copyOf(list), count, repeated);
    }
    throw new EOFException("an answer that belongs to no question");
  }

  /**
   * Sends a last command behind one whose answer did not come in time, so that the server runs both
   * in this order or none. The client would not send it; its answer is not waited for.
   *
   * @return whether it is on its way
   */
  boolean sendLast(CommandArguments command) {
    try {
      RedisOutputStream output = new RedisOutputStream(socket.output());
      Protocol.sendCommand(output, command);
      output.flush();
      socket.endOutput();
      return true;
    } catch (IOException | RuntimeException broken) {
      return false;
    }
  }

  /** What went wrong below the client, or what it says itself. */
  private static IOException plain(RuntimeException failure) {
    return failure.getCause() instanceof IOException cause
        ? cause
        : new IOException(failure.getMessage(), failure);
  }

  @Override
  public void close() {
    socket.close();
  }
}
