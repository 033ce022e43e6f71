package io.ullage.lease.redis;

import io.ullage.core.Registration;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol.Command;

/**
 * Tells about keys that may have become free: when their holder released them, by a channel to
 * which this process subscribes when it first waits; and when the time of a holder runs out that
 * was in the way of somebody waiting, by a timer. Messages may be lost, and none is sent twice:
 * whoever waits goes on asking.
 *
 * <p>The channel has a connection and a thread of its own. When it breaks, the next who is refused
 * subscribes anew.
 */
final class FreedKeys implements AutoCloseable {
  /**
   * A connection on which nothing was heard for so long ends: nobody may wait any more, and one
   * that leads nowhere since a partition looks the same.
   */
  private static final Duration SILENCE = Duration.ofMinutes(5);

  private final RedisLink link;
  private final String channel;
  private final List<Consumer<? super String>> listeners = new CopyOnWriteArrayList<>();
  private final ConcurrentMap<String, ScheduledFuture<?>> awaited = new ConcurrentHashMap<>();

  private final AtomicBoolean subscribed = new AtomicBoolean();

  FreedKeys(RedisLink link) {
    this.link = link;
    this.channel = link.namespace() + ":freed";
  }

  Registration listen(Consumer<? super String> listener) {
    // Of its own, so that the same listener twice is two.
    Consumer<String> registered = listener::accept;
    listeners.add(registered);
    return () -> listeners.remove(registered);
  }

  /** Somebody waits for a key whose holder has so much time left. */
  void expect(String key, long leftMillis) {
    if (listeners.isEmpty()) {
      return;
    }
    if (!subscribed.getAndSet(true)) {
      link.inBackground(this::subscribe);
    }
    try {
      // A millisecond later, since the server counts in whole ones.
      ScheduledFuture<?> expiry =
          link.timer().schedule(() -> expired(key), leftMillis + 1, TimeUnit.MILLISECONDS);
      ScheduledFuture<?> before = awaited.put(key, expiry);
      if (before != null) {
        before.cancel(false);
      }
    } catch (RejectedExecutionException closed) {
      // Who waits finds the store closed when it asks again.
      return;
    }
  }

  private void expired(String key) {
    awaited.remove(key);
    tell(key);
  }

  private void tell(String key) {
    for (Consumer<? super String> listener : listeners) {
      listener.accept(key);
    }
  }

  /** Listens until the connection ends, nothing is heard any more, or the store is closed. */
  private void subscribe() {
    try {
      RedisConnection connection = link.openListening();
      try {
        connection.send(new CommandArguments(Command.SUBSCRIBE).add(channel));
        // The user may not listen if it is a refusal; nothing else is asked here.
        while (connection.receive(System.nanoTime() + SILENCE.toNanos())
            instanceof List<?> message) {
          hear(message);
        }
      } finally {
        link.drop(connection);
      }
    } catch (IOException broken) {
      // The next who is refused tries again.
      return;
    } finally {
      subscribed.set(false);
    }
  }

  private void hear(List<?> message) {
    switch (String.valueOf(message.getFirst())) {
      case "message" -> tell(String.valueOf(message.getLast()));
      case "subscribe" -> awaited.keySet().forEach(this::tell);
      default -> {
        return;
      }
    }
  }

  @Override
  public void close() {
    listeners.clear();
    awaited.clear();
  }
}
