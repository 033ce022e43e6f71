package io.ullage.spill;

import io.ullage.alloc.SegmentPool;
import io.ullage.core.ComponentToken;
import io.ullage.spill.internal.queue.QueueSettings;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Collects the settings of a {@link SpillQueue}. Not thread-safe. */
public final class SpillQueueBuilder {
  private static final Duration DEFAULT_OFFER_TIMEOUT = Duration.ofSeconds(30);
  private static final Duration DEFAULT_CLOSE_TIMEOUT = Duration.ofSeconds(10);

  private final SegmentPool pool;
  private final ComponentToken token;
  private String name;
  private @Nullable SpillStore store;
  private @Nullable SpillPolicy spillPolicy;
  private @Nullable PrefetchPolicy prefetchPolicy;
  private Duration offerTimeout = DEFAULT_OFFER_TIMEOUT;
  private Duration closeTimeout = DEFAULT_CLOSE_TIMEOUT;
  private WhenFull whenFull = WhenFull.BLOCK;
  private Runnable onReadable = () -> {};

  SpillQueueBuilder(SegmentPool pool, ComponentToken token) {
    this.pool = Objects.requireNonNull(pool, "pool");
    this.token = Objects.requireNonNull(token, "token");
    this.name = token.component().path();
  }

  /**
   * Sets the name for threads and status; the component's path by default.
   *
   * @param name any text
   * @return this builder
   */
  public SpillQueueBuilder name(String name) {
    this.name = Objects.requireNonNull(name, "name");
    return this;
  }

  /**
   * Sets where spilled bytes go. Without a store nothing spills. The store is not closed with the
   * queue.
   *
   * @param store where spilled bytes go
   * @return this builder
   */
  public SpillQueueBuilder store(SpillStore store) {
    this.store = Objects.requireNonNull(store, "store");
    return this;
  }

  /**
   * Sets what decides on spilling. Without one nothing spills unless {@link SpillQueue#spillNow} is
   * called.
   *
   * @param policy the policy
   * @return this builder
   */
  public SpillQueueBuilder spillPolicy(SpillPolicy policy) {
    this.spillPolicy = Objects.requireNonNull(policy, "policy");
    return this;
  }

  /**
   * Sets what decides on fetching ahead. Without one an entry is fetched when the reader comes to
   * it.
   *
   * @param policy the policy
   * @return this builder
   */
  public SpillQueueBuilder prefetchPolicy(PrefetchPolicy policy) {
    this.prefetchPolicy = Objects.requireNonNull(policy, "policy");
    return this;
  }

  /**
   * Sets how long an offer waits for memory, 30 s by default; zero refuses at once.
   *
   * @param timeout how long to wait at most
   * @return this builder
   */
  public SpillQueueBuilder offerTimeout(Duration timeout) {
    this.offerTimeout = notNegative("offerTimeout", timeout);
    return this;
  }

  /**
   * Sets how long {@link SpillQueue#close} waits for the queue's threads, 10 s by default.
   *
   * @param timeout how long to wait at most
   * @return this builder
   */
  public SpillQueueBuilder closeTimeout(Duration timeout) {
    this.closeTimeout = notNegative("closeTimeout", timeout);
    return this;
  }

  /**
   * Sets what an offer does while the policy wants to spill and the store takes nothing; {@link
   * WhenFull#BLOCK} by default.
   *
   * @param behaviour one of the four
   * @return this builder
   */
  public SpillQueueBuilder whenFull(WhenFull behaviour) {
    this.whenFull = Objects.requireNonNull(behaviour, "behaviour");
    return this;
  }

  /**
   * Sets what is called when the queue turns from empty to readable, and when an entry for which
   * the reader had to wait is there. It runs on a writer's or on the fetching thread, outside the
   * lock; it must not block.
   *
   * @param callback what to call
   * @return this builder
   */
  public SpillQueueBuilder onReadable(Runnable callback) {
    this.onReadable = Objects.requireNonNull(callback, "callback");
    return this;
  }

  /**
   * Makes the queue and starts its threads.
   *
   * @return this builder
   * @throws IOException when the store cannot be opened
   */
  public SpillQueue build() throws IOException {
    QueueSettings settings =
        new QueueSettings(
            name,
            pool,
            token,
            store,
            spillPolicy,
            prefetchPolicy,
            offerTimeout,
            closeTimeout,
            whenFull,
            onReadable);
    return new SpillQueue(settings, ThreadLocalRandom.current().nextLong());
  }

  private static Duration notNegative(String name, Duration timeout) {
    if (timeout.isNegative()) {
      throw new IllegalArgumentException(name + ": " + timeout + ", allowed are zero and longer");
    }
    return timeout;
  }
}
