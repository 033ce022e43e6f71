package io.ullage.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The wall clock is set back and forth under leases, which count on another. */
class WallClockTest {
  private static final Duration TTL = Duration.ofSeconds(30);
  private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");

  private final AtomicReference<Instant> wallClock = new AtomicReference<>(NOON);
  private final ManualClock clock = new ManualClock();
  private final HeapLeaseStore store = new HeapLeaseStore(clock, wallClock::get);
  private final LeaseManager manager =
      LeaseManager.builder(store).ttl(TTL).nanoClock(clock).withoutThreads().build();
  private final LeaseManager other =
      LeaseManager.builder(store).ttl(TTL).nanoClock(clock).withoutThreads().build();

  @AfterEach
  void close() {
    manager.close();
    other.close();
  }

  private void set(Duration by) {
    wallClock.updateAndGet(now -> now.plus(by));
    manager.sweeps().renewDue(clock.getAsLong());
    manager.sweeps().watch(clock.getAsLong());
  }

  @Test
  void settingItNeitherEndsNorProlongsALease() {
    Lease lease = manager.tryAcquire("k").orElseThrow();
    Duration before = lease.remaining();

    set(Duration.ofDays(3650));
    assertThat(lease.isValid()).isTrue();
    assertThat(lease.remaining()).isEqualTo(before);
    assertThat(other.tryAcquire("k")).isEmpty();
    set(Duration.ofDays(-7300));
    assertThat(lease.isValid()).isTrue();
    assertThat(other.tryAcquire("k")).isEmpty();

    clock.advance(TTL.plusMillis(1));
    assertThat(lease.isValid()).isFalse();
    assertThat(other.tryAcquire("k").orElseThrow().token()).isGreaterThan(lease.token());
  }

  @Test
  void sinceWhenAKeyIsHeldFollowsIt() {
    assertThat(manager.tryAcquire("k")).isPresent();
    clock.advance(Duration.ofSeconds(5));
    wallClock.updateAndGet(now -> now.plusSeconds(5));
    assertThat(manager.peek("k").orElseThrow().acquiredAt()).isEqualTo(NOON);

    set(Duration.ofHours(-2));

    assertThat(manager.peek("k").orElseThrow().acquiredAt())
        .isEqualTo(NOON.minus(Duration.ofHours(2)));
  }
}
