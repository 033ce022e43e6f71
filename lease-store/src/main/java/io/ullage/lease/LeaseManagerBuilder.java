package io.ullage.lease;

import io.ullage.core.ComponentRegistry;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Configures a {@link LeaseManager}. Not thread-safe. */
public final class LeaseManagerBuilder {
  private static final Duration DEFAULT_TTL = Duration.ofSeconds(30);
  private static final Duration DEFAULT_DEADLINE = Duration.ofMinutes(5);
  private static final Duration DEFAULT_RELEASE_TIMEOUT = Duration.ofSeconds(2);

  /** Of a server that did not answer by then the next answer is better awaited with a new call. */
  private static final Duration DEFAULT_CALL_TIMEOUT = Duration.ofSeconds(5);

  private final LeaseStore store;
  private Duration ttl = DEFAULT_TTL;
  private @Nullable Duration heartbeat;
  private Duration deadline = DEFAULT_DEADLINE;
  private Duration waitAtMost = Duration.ZERO;
  private Duration releaseTimeout = DEFAULT_RELEASE_TIMEOUT;
  private Duration callTimeout = DEFAULT_CALL_TIMEOUT;
  private boolean reentrant;
  private LongSupplier nanoClock = ClockedStore.SYSTEM_CLOCK;
  private boolean threads = true;
  private @Nullable ComponentRegistry registry;
  private String name = "leases";

  LeaseManagerBuilder(LeaseStore store) {
    this.store = store;
  }

  /**
   * How long a key stays taken after the last heartbeat of a holder of which nobody knows that it
   * is dead.
   *
   * @param value 20 ms to 1 day; 30 s unless set
   * @return this
   */
  public LeaseManagerBuilder ttl(Duration value) {
    ttl = value;
    return this;
  }

  /**
   * How often leases are renewed.
   *
   * @param value below the TTL less its margin (a tenth of the TTL, at least 5 ms); a third of the
   *     TTL unless set
   * @return this
   */
  public LeaseManagerBuilder heartbeat(Duration value) {
    heartbeat = value;
    return this;
  }

  /**
   * How long work under {@link LeaseManager#run} may take, unless its options say otherwise.
   *
   * @param value above 0; 5 min unless set
   * @return this
   */
  public LeaseManagerBuilder deadline(Duration value) {
    deadline = value;
    return this;
  }

  /**
   * How long {@link LeaseManager#run} waits for its key, unless its options say otherwise.
   *
   * @param value 0 and above; 0 unless set
   * @return this
   */
  public LeaseManagerBuilder waitAtMost(Duration value) {
    waitAtMost = value;
    return this;
  }

  /**
   * How long giving back a lease may take.
   *
   * @param value above 0; 2 s unless set
   * @return this
   */
  public LeaseManagerBuilder releaseTimeout(Duration value) {
    releaseTimeout = value;
    return this;
  }

  /**
   * How long a store that is not {@linkplain LeaseStore#isLocal() local} may take to answer a
   * caller: {@link LeaseManager#tryAcquire}, {@link LeaseManager#peek}, {@link LeaseManager#list},
   * {@link LeaseManager#forceRelease}. Then {@link LeaseStoreException} with {@link
   * StoreFault#TIMEOUT} is thrown, and what the store answers later is undone.
   *
   * @param value above 0; 5 s unless set
   * @return this
   */
  public LeaseManagerBuilder callTimeout(Duration value) {
    callTimeout = value;
    return this;
  }

  /**
   * Whether a thread that holds a key gets it again, under the same token: the key is given back
   * when every hold was closed. Timing and note are those of the first; a run inside a run has a
   * deadline of its own, which is never later than the outer one's. The store is asked only for the
   * first.
   *
   * @param value false unless set
   * @return this
   */
  public LeaseManagerBuilder reentrant(boolean value) {
    reentrant = value;
    return this;
  }

  /**
   * Shows the manager among the status sources of a registry, until it is closed.
   *
   * @param value the registry
   * @param sourceName what to call it there
   * @return this
   */
  public LeaseManagerBuilder registry(ComponentRegistry value, String sourceName) {
    registry = value;
    name = sourceName;
    return this;
  }

  /** Another clock, for tests. */
  LeaseManagerBuilder nanoClock(LongSupplier value) {
    nanoClock = value;
    return this;
  }

  /** No heartbeat and no watchdog, for tests that sweep themselves. */
  LeaseManagerBuilder withoutThreads() {
    threads = false;
    return this;
  }

  /**
   * Starts the manager.
   *
   * @return a manager with its threads running
   * @throws IllegalArgumentException naming the constraint between TTL, heartbeat and margin that
   *     is broken
   */
  public LeaseManager build() {
    WorkflowOptions checked =
        WorkflowOptions.defaults().withDeadline(deadline).withWait(waitAtMost);
    LeaseManagerOptions options =
        new LeaseManagerOptions(
            ttl,
            heartbeat,
            deadline,
            waitAtMost,
            LeaseTiming.requirePositive("releaseTimeout", releaseTimeout),
            LeaseTiming.requirePositive("callTimeout", callTimeout),
            reentrant,
            nanoClock,
            threads,
            registry,
            name);
    // Says what is wrong with TTL and heartbeat before anything is started.
    LeaseTiming timing = options.timingOf(checked);
    return new LeaseManager(store, options, timing);
  }
}
