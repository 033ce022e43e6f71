package io.ullage.spill;

import io.ullage.alloc.SegmentPool;
import io.ullage.core.ComponentToken;
import io.ullage.spill.internal.queue.QueueSettings;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Collects the settings of a {@link SpillQueue}. Not thread-safe. */
public final class SpillQueueBuilder {
  private static final Duration DEFAULT_OFFER_TIMEOUT = Duration.ofSeconds(30);
  private static final Duration DEFAULT_CLOSE_TIMEOUT = Duration.ofSeconds(10);

  /** Eight: 5, 10, … 640 ms apart, which is more than a second of a disk that does not answer. */
  private static final int DEFAULT_FETCH_ATTEMPTS = 8;

  private final SegmentPool pool;
  private final ComponentToken token;
  private String name;
  private @Nullable SpillStore store;
  private @Nullable SpillPolicy spillPolicy;
  private @Nullable PrefetchPolicy prefetchPolicy;
  private Duration offerTimeout = DEFAULT_OFFER_TIMEOUT;
  private Duration closeTimeout = DEFAULT_CLOSE_TIMEOUT;
  private WhenFull whenFull = WhenFull.BLOCK;
  private WhenDamaged whenDamaged = WhenDamaged.FAIL;
  private int fetchAttempts = DEFAULT_FETCH_ATTEMPTS;
  private boolean merging;
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
   * Sets what the queue does when a spilled entry comes back damaged; {@link WhenDamaged#FAIL} by
   * default.
   *
   * @param behaviour one of the two
   * @return this builder
   */
  public SpillQueueBuilder whenDamaged(WhenDamaged behaviour) {
    this.whenDamaged = Objects.requireNonNull(behaviour, "behaviour");
    return this;
  }

  /**
   * Sets after how many failed fetches in a row a reader that stands before a spilled entry gets a
   * {@link StoreUnavailableException}; 8 by default, which takes a little more than a second. The
   * entry stays where it is, and the queue goes on trying once a second.
   *
   * @param attempts 1 or more
   * @return this builder
   */
  public SpillQueueBuilder fetchAttempts(int attempts) {
    if (attempts < 1) {
      throw new IllegalArgumentException("attempts: " + attempts + ", allowed are 1 and above");
    }
    this.fetchAttempts = attempts;
    return this;
  }

  /**
   * Sets whether an offered entry is joined to the one offered before it, where both are adjacent
   * slices of one buffer and that one is still in memory; false by default. Then the queue keeps
   * the order of the bytes, but not the boundaries between such entries: they count as one entry,
   * are spilled and fetched as one, and cost as one.
   *
   * <p>Slices of one buffer cannot be charged to different components: acquire the buffer that is
   * cut into entries with the queue's token.
   *
   * @param merging whether to join
   * @return this builder
   */
  public SpillQueueBuilder merging(boolean merging) {
    this.merging = merging;
    return this;
  }

  /**
   * Sets both policies by a factory, so that queues built alike do not share a policy with a
   * memory.
   *
   * @param factory makes a pair for this queue
   * @return this builder
   */
  public SpillQueueBuilder policies(Supplier<QueuePolicies> factory) {
    QueuePolicies made = factory.get();
    this.spillPolicy = made.spillPolicy();
    this.prefetchPolicy = made.prefetchPolicy();
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
            whenDamaged,
            fetchAttempts,
            merging,
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
