package io.ullage.stress.soak;

import io.ullage.lease.ChronicleLeaseStore;
import io.ullage.lease.Lease;
import io.ullage.lease.LeaseHeldException;
import io.ullage.lease.LeaseManager;
import io.ullage.stress.soak.HoldLedger.Hold;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/**
 * Takes and gives back leases that other processes want as well, and reports when it saw each of
 * them valid.
 *
 * <p>An instant counts when the clock was read before the lease said that it is valid: whatever
 * happened in between, it was valid then.
 */
final class LeaseChurn {
  static final int KEYS = 6;
  private static final int THREADS = 2;
  private static final int LONGEST_HOLD_MILLIS = 900;
  private static final long REPORT_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  private final Tally tally;
  private final LeaseManager manager;

  private LeaseChurn(Tally tally, LeaseManager manager) {
    this.tally = tally;
    this.manager = manager;
  }

  static String key(int number) {
    return "key-" + number;
  }

  /** Runs until it is told to stop, then closes what it opened. */
  static void run(Tally tally, Churn churn, long seed, Path path) throws InterruptedException {
    SplittableRandom random = new SplittableRandom(seed);
    Duration ttl = Duration.ofMillis(random.nextLong(300, 2000));
    try (ChronicleLeaseStore store = ChronicleLeaseStore.open(path);
        LeaseManager manager = LeaseManager.builder(store).ttl(ttl).build()) {
      LeaseChurn work = new LeaseChurn(tally, manager);
      Churn threads = new Churn(tally);
      for (int i = 0; i < THREADS; i++) {
        SplittableRandom own = random.split();
        threads.start("lease-" + i, () -> work.work(churn, own));
      }
      threads.join(churn);
    }
  }

  private void work(Churn churn, SplittableRandom random) throws InterruptedException {
    while (!churn.isStopped()) {
      Optional<Lease> lease = acquire(key(random.nextInt(KEYS)), random);
      tally.operation();
      if (lease.isPresent()) {
        try (Lease held = lease.get()) {
          hold(held, TimeUnit.MILLISECONDS.toNanos(random.nextLong(LONGEST_HOLD_MILLIS)));
        }
      }
      TimeUnit.MILLISECONDS.sleep(random.nextLong(50));
    }
  }

  private Optional<Lease> acquire(String key, SplittableRandom random) throws InterruptedException {
    if (random.nextBoolean()) {
      return manager.tryAcquire(key);
    }
    try {
      return Optional.of(manager.acquire(key, Duration.ofMillis(random.nextLong(1000))));
    } catch (LeaseHeldException held) {
      return Optional.empty();
    }
  }

  private void hold(Lease lease, long nanos) throws InterruptedException {
    long from = System.nanoTime();
    long reported = from - REPORT_NANOS;
    long now = from;
    while (lease.isValid() && now - from <= nanos) {
      if (now - reported >= REPORT_NANOS) {
        tally.hold(new Hold(lease.key(), lease.token(), "", from, now));
        reported = now;
      }
      TimeUnit.MILLISECONDS.sleep(1);
      now = System.nanoTime();
    }
  }
}
