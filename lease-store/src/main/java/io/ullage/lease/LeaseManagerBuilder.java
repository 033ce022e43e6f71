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

  private final LeaseStore store;
  private Duration ttl = DEFAULT_TTL;
  private @Nullable Duration heartbeat;
  private Duration deadline = DEFAULT_DEADLINE;
  private Duration waitAtMost = Duration.ZERO;
  private Duration releaseTimeout = DEFAULT_RELEASE_TIMEOUT;
  private LongSupplier nanoClock = System::nanoTime;
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
    if (releaseTimeout.isNegative() || releaseTimeout.isZero()) {
      throw new IllegalArgumentException(
          "releaseTimeout: " + LeaseTiming.text(releaseTimeout) + "; allowed: above 0");
    }
    LeaseManagerOptions options =
        new LeaseManagerOptions(
            ttl,
            heartbeat,
            deadline,
            waitAtMost,
            releaseTimeout,
            nanoClock,
            threads,
            registry,
            name);
    options.timingOf(checked);
    return new LeaseManager(store, options);
  }
}
