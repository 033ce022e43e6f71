package io.ullage.lease.redis;

import io.ullage.lease.LeaseStoreException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol.Command;

/**
 * One run of a script.
 *
 * @param script the script
 * @param replicaMillis for how long to wait for replicas, 0 for none
 * @param timeoutNanos how long it may take, from when it is sent or waits to be
 * @param undo what undoes it should its answer never be seen, or null
 * @param answer completed with what the server answers, or with a {@link LeaseStoreException}
 * @param arguments the script's arguments
 */
@SuppressWarnings("ArrayRecordComponent") // Nobody compares calls, and nobody else has the array.
record ScriptCall(
    LeaseScript script,
    long replicaMillis,
    long timeoutNanos,
    @Nullable ScriptCall undo,
    CompletableFuture<Answer> answer,
    String... arguments) {
  static ScriptCall of(
      LeaseScript script, long replicaMillis, long timeoutNanos, String... arguments) {
    return new ScriptCall(
        script, replicaMillis, timeoutNanos, null, new CompletableFuture<>(), arguments);
  }

  ScriptCall orElse(ScriptCall undoing) {
    return new ScriptCall(script, replicaMillis, timeoutNanos, undoing, answer, arguments);
  }

  /** What is sent to the server: the script by its text or its digest, and its arguments. */
  CommandArguments command(boolean byText, String namespace) {
    return new CommandArguments(byText ? Command.EVAL : Command.EVALSHA)
        .add(byText ? script.text() : script.digest())
        .add(1)
        .add(namespace)
        .addObjects((Object[]) arguments);
  }
}
