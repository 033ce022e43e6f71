package io.ullage.lease.redis;

import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.netty.util.concurrent.ScheduledFuture;
import io.ullage.core.Registration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tells about keys that may have become free: when their holder released them, by a channel to
 * which this process subscribes when it first waits; and when the time of a holder runs out that
 * was in the way of somebody waiting, by a timer. Messages may be lost, and none is sent twice:
 * whoever waits goes on asking.
 */
final class FreedKeys implements AutoCloseable {
  private final RedisLink link;
  private final String channel;
  private final List<Consumer<? super String>> listeners = new CopyOnWriteArrayList<>();
  private final ConcurrentMap<String, ScheduledFuture<?>> awaited = new ConcurrentHashMap<>();
  private @Nullable CompletableFuture<StatefulRedisPubSubConnection<String, String>> subscription;

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
    subscribe();
    try {
      // A millisecond later, since the server counts in whole ones.
      ScheduledFuture<?> timer =
          link.timer().schedule(() -> expired(key), leftMillis + 1, TimeUnit.MILLISECONDS);
      ScheduledFuture<?> before = awaited.put(key, timer);
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

  private synchronized void subscribe() {
    CompletableFuture<StatefulRedisPubSubConnection<String, String>> before = subscription;
    if (before != null && (!before.isDone() || isOpen(before))) {
      return;
    }
    CompletableFuture<StatefulRedisPubSubConnection<String, String>> connection =
        link.connectChannel();
    subscription = connection;
    CompletableFuture<Void> ignored = connection.thenAccept(this::subscribe);
  }

  private static boolean isOpen(
      CompletableFuture<StatefulRedisPubSubConnection<String, String>> connection) {
    return !connection.isCompletedExceptionally() && connection.join().isOpen();
  }

  private void subscribe(StatefulRedisPubSubConnection<String, String> connection) {
    connection.addListener(
        new RedisPubSubAdapter<>() {
          @Override
          public void message(String from, String key) {
            tell(key);
          }

          @Override
          public void subscribed(String to, long count) {
            // What was released between a refusal and now was told to nobody.
            awaited.keySet().forEach(FreedKeys.this::tell);
          }
        });
    CompletableFuture<Void> ignored = connection.async().subscribe(channel).toCompletableFuture();
  }

  @Override
  public void close() {
    listeners.clear();
    awaited.values().forEach(timer -> timer.cancel(false));
    awaited.clear();
  }
}
