package io.ullage.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A store that is closed while its leases are being renewed; a crash would end this very JVM. */
class CloseDuringRenewalsIT {
  private static final int LEASES = 50;

  @Test
  @Timeout(value = 10, unit = TimeUnit.MINUTES)
  void closingInEitherOrderEndsRenewalsAndCrashesNothing(@TempDir Path folder) throws Exception {
    Random random = new Random(20_260_102);
    for (int round = 0; round < Rounds.of(10, 100); round++) {
      ChronicleLeaseStore store = ChronicleLeaseStore.open(folder.resolve("store"), 64);
      LeaseManager manager = LeaseManager.builder(store).ttl(Duration.ofMillis(150)).build();
      List<Lease> leases = new ArrayList<>();
      for (int i = 0; i < LEASES; i++) {
        leases.add(manager.acquire("k" + i, Duration.ofSeconds(30)));
      }
      // On a busy machine some may be lost instead.
      while (manager.statistics().renewed() < LEASES && leases.stream().allMatch(Lease::isValid)) {
        Thread.sleep(Duration.ofMillis(1));
      }
      Thread.sleep(Duration.ofMillis(random.nextInt(50)));
      if (round % 2 == 0) {
        manager.close();
        store.close();
      } else {
        // The wrong order: what still asks the store gets an exception.
        store.close();
        manager.close();
      }

      assertThat(leases).noneMatch(Lease::isValid);
      assertThat(Thread.getAllStackTraces().keySet())
          .extracting(Thread::getName)
          .doesNotContain("ullage-lease-heartbeat", "ullage-lease-watchdog");
      assertThatIllegalStateException().isThrownBy(() -> store.peek("k0"));
    }
  }
}
