package io.ullage.lease.redis;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisNoScriptException;

/**
 * Scripts that run behind one another on one connection, all of them sent before the first answer
 * is waited for. A script that the server does not know is sent again with its text.
 */
final class Exchange {
  private final RedisConnection connection;
  private final List<ScriptCall> calls;
  private final long begunNanos;
  private final boolean repeated;

  /** What was sent and has no answer yet. */
  private record Sent(ScriptCall call, boolean byText) {}

  /**
   * Nothing is sent yet.
   *
   * @param begunNanos from when each call's time counts
   * @param repeated whether they were sent before, on a connection that ended
   */
  Exchange(RedisConnection connection, List<ScriptCall> calls, long begunNanos, boolean repeated) {
    this.connection = connection;
    this.calls = calls;
    this.begunNanos = begunNanos;
    this.repeated = repeated;
  }

  RedisConnection connection() {
    return connection;
  }

  /**
   * Runs all, and answers each.
   *
   * @throws IOException if the connection does not last; some may have their answers then
   */
  void run(Faults faults, String namespace, int replicas) throws IOException {
    Deque<Sent> unanswered = new ArrayDeque<>(calls.size());
    for (ScriptCall call : calls) {
      unanswered.add(new Sent(call, false));
      connection.send(call, false, namespace, replicas);
    }
    connection.look();
    for (Sent next; (next = unanswered.poll()) != null; ) {
      ScriptCall call = next.call;
      Object answer = connection.receive(call, begunNanos + call.timeoutNanos(), repeated);
      if (answer instanceof Answer values) {
        call.answer().complete(values);
      } else if (answer instanceof JedisNoScriptException && !next.byText) {
        unanswered.add(new Sent(call, true));
        connection.send(call, true, namespace, replicas);
      } else {
        call.answer().completeExceptionally(faults.refused((JedisDataException) answer));
      }
    }
  }

  /** Those without an answer. */
  List<ScriptCall> unanswered() {
    return calls.stream().filter(call -> !call.answer().isDone()).toList();
  }

  /** How long the last of them may take. */
  long timeoutNanos() {
    return calls.stream().mapToLong(ScriptCall::timeoutNanos).max().orElse(0);
  }

  /** How much of that is left. */
  long leftNanos() {
    return begunNanos + timeoutNanos() - System.nanoTime();
  }

  /**
   * Whether what is unanswered may be sent once more, on a new connection: the server may have
   * ended this one long before. Each script does the same when it runs twice under one owner's
   * name, but for what a release answers.
   */
  boolean mayBeRepeated(IOException failure) {
    return connection.isReused()
        && !repeated
        && !(failure instanceof SocketTimeoutException)
        && leftNanos() > 0;
  }

  /** What undoes that which may still be running. */
  @Nullable ScriptCall undo() {
    return unanswered().stream()
        .map(ScriptCall::undo)
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }
}
