package io.ullage.lease.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.ullage.lease.Lease;
import io.ullage.lease.LeaseHeldException;
import io.ullage.lease.LeaseLoss;
import io.ullage.lease.LeaseLostException;
import io.ullage.lease.LeaseManager;
import io.ullage.lease.LeaseRequest;
import io.ullage.lease.LeaseStore;
import io.ullage.lease.LossCause;
import io.ullage.lease.WorkflowOptions;
import java.time.Duration;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What a {@link LeaseManager} does over any {@link LeaseStore} that keeps {@link
 * LeaseStoreContract}, on the real clock: extend it beside that one. It bounds no time from above
 * except by a minute, so that a store may be far away and the machine stand still for a while.
 */
public abstract class ManagedStoreContract {
  /** How long the managers' leases last without a heartbeat: no test waits for that. */
  private static final Duration LONG_TTL = Duration.ofMinutes(1);

  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final String key = "managed-" + UUID.randomUUID();
  private @Nullable LeaseManager first;
  private @Nullable LeaseManager second;

  /** For subclasses. */
  protected ManagedStoreContract() {}

  /**
   * The store under test; the same for all calls during one test.
   *
   * @return an open store
   */
  protected abstract LeaseStore store();

  /**
   * A TTL that a test waits for. All managers renew their leases three times in it, also those
   * whose leases last a minute.
   *
   * @return 1 s unless overridden
   */
  protected Duration ttl() {
    return Duration.ofSeconds(1);
  }

  @BeforeEach
  final void openManagers() {
    first = open(LONG_TTL);
    second = open(LONG_TTL);
  }

  private LeaseManager open(Duration ttl) {
    return LeaseManager.builder(store())
        .ttl(ttl)
        .heartbeat(ttl().dividedBy(3))
        .callTimeout(PATIENCE)
        .releaseTimeout(PATIENCE)
        .build();
  }

  @AfterEach
  final void closeManagers() {
    manager().close();
    other().close();
  }

  private LeaseManager manager() {
    return Objects.requireNonNull(first);
  }

  private LeaseManager other() {
    return Objects.requireNonNull(second);
  }

  @Test
  void heartbeatsKeepALeaseAlivePastItsTtlWhileOneWithoutThemIsLost() throws Exception {
    try (LeaseManager brief = open(ttl())) {
      for (int attempt = 0; ; attempt++) {
        String kept = key + attempt;
        String control = kept + "-control";
        PauseWatch machine = PauseWatch.begin();
        Lease lease = brief.acquire(kept, Duration.ZERO);
        assertThat(store().tryAcquire(new LeaseRequest(control, ttl().toNanos(), "", false)))
            .isNotNull();

        other().acquire(control, PATIENCE).close();
        while (lease.renewals() < 5 && lease.loss().isEmpty()) {
          Thread.sleep(Duration.ofMillis(10));
        }

        // The time from a renewal to the loss is more than half the TTL.
        boolean stoodStill = machine.end().compareTo(ttl().dividedBy(4)) > 0;
        if (lease.loss().isPresent() && stoodStill) {
          continue;
        }
        assertThat(lease.loss()).isEmpty();
        assertThat(other().tryAcquire(kept)).isEmpty();
        return;
      }
    }
  }

  @Test
  void whoeverWaitsGetsTheKeyWhenItIsReleased() throws Exception {
    Lease lease = manager().acquire(key, Duration.ZERO);
    CompletableFuture<Lease> waiting = other().acquireAsync(key, PATIENCE);
    assertThatExceptionOfType(LeaseHeldException.class)
        .isThrownBy(() -> other().acquire(key, Duration.ofMillis(50)));
    assertThat(waiting).isNotDone();

    lease.close();

    Lease next = waiting.get();
    assertThat(next.token()).isGreaterThan(lease.token());
    assertThat(next.isValid()).isTrue();
    assertThat(lease.isValid()).isFalse();
  }

  @Test
  void anOperatorsReleaseIsNoticedByTheHolder() throws Exception {
    Lease lease = manager().acquire(key, Duration.ZERO);
    CompletableFuture<LeaseLoss> lost = lease.lost();

    assertThat(other().forceRelease(key, "maintenance")).isTrue();

    assertThat(lost.get().cause()).isEqualTo(LossCause.TAKEN_OVER);
    assertThat(lease.isValid()).isFalse();
    lease.close();
    assertThat(other().tryAcquire(key)).isPresent();
  }

  @Test
  void workEndsAtItsDeadlineAndTheKeyIsFree() {
    WorkflowOptions options = WorkflowOptions.defaults().withDeadline(Duration.ofMillis(100));
    CompletableFuture<String> never = new CompletableFuture<>();

    assertThatExceptionOfType(LeaseLostException.class)
        .isThrownBy(() -> manager().run(key, options, lease -> never.get()))
        .satisfies(e -> assertThat(e.lossCause()).isEqualTo(LossCause.DEADLINE));
    assertThat(other().tryAcquire(key)).isPresent();
  }

  @Test
  void closingTheManagerGivesItsKeysBack() throws Exception {
    Lease lease = manager().acquire(key, Duration.ZERO);
    manager().close();

    assertThat(lease.isValid()).isFalse();
    assertThat(other().tryAcquire(key)).isPresent();
    assertThatIllegalStateException().isThrownBy(() -> manager().tryAcquire(key));
  }
}
