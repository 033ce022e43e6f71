package io.ullage.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Owners that die or stop, as processes of their own, on the real clock. */
class CrashIT {
  /**
   * A peer owns milliseconds after a kill; on a machine that is busy, or stands still, later. The
   * TTL, without which nobody would, is far longer than this.
   */
  private static final Duration SOON = Duration.ofMinutes(1);

  private static final String LONG_TTL = "PT5M";

  @TempDir Path folder;
  private Path path;
  private ChronicleLeaseStore store;
  private LeaseManager manager;

  @BeforeEach
  void open() {
    path = folder.resolve("store");
    store = ChronicleLeaseStore.open(path, 64);
    manager = LeaseManager.builder(store).build();
  }

  @AfterEach
  void close() {
    manager.close();
    store.close();
  }

  @Test
  void aKilledOwnersLeaseIsTakenOverAtOnceWithAGreaterToken() throws Exception {
    try (LeaseProcess holder = LeaseProcess.start("hold", path, LONG_TTL)) {
      long token = Long.parseLong(holder.line());
      assertThat(manager.tryAcquire("k")).isEmpty();
      assertThat(manager.peek("k").orElseThrow().pid()).isEqualTo(holder.pid());

      holder.process().destroyForcibly();
      try (Lease lease = manager.acquire("k", SOON)) {
        assertThat(lease.token()).isGreaterThan(token);
      }
    }
  }

  @Test
  void aStoppedOwnerKeepsItsLeaseUntilTheTtlAndIsInvalidAtItsFirstLookAfterwards()
      throws Exception {
    FenceGuard resource = new FenceGuard();
    try (LeaseProcess holder = LeaseProcess.start("hold", path, "PT6S")) {
      long stale = Long.parseLong(holder.line());
      resource.check(stale);
      holder.signal("STOP");
      assertThat(manager.tryAcquire("k")).isEmpty();

      try (Lease lease = manager.acquire("k", SOON)) {
        resource.check(lease.token());
        holder.signal("CONT");

        assertThat(holder.line()).isEqualTo("woke false");
        assertThat(holder.line()).startsWith("lost ");
        assertThat(lease.isValid()).isTrue();
        assertThatExceptionOfType(StaleTokenException.class)
            .isThrownBy(() -> resource.check(stale));
      }
    }
  }

  @Test
  @Timeout(value = 30, unit = TimeUnit.MINUTES)
  void killingOwnersInATightLoopBlocksNobodyAndRepeatsNoToken() throws Exception {
    Random random = new Random(20_260_101);
    int keys = LeaseProcessMain.KEYS_IN_LOOP;
    Path tokens = Files.write(folder.resolve("tokens"), new byte[keys * Long.BYTES]);
    try (FileChannel channel =
        FileChannel.open(tokens, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      MappedByteBuffer greatest = channel.map(FileChannel.MapMode.READ_WRITE, 0, channel.size());
      for (int round = 0; round < Rounds.of(5, 200); round++) {
        try (LeaseProcess looping = LeaseProcess.start("loop", path, LONG_TTL, tokens.toString())) {
          assertThat(looping.line()).isEqualTo("looping");
          assertThat(looping.line()).isEqualTo("begun");
          Thread.sleep(random.nextInt(40));
          looping.signal("KILL");
          for (int key = 0; key < keys; key++) {
            try (Lease lease = manager.acquire("k" + key, SOON)) {
              assertThat(lease.token()).isGreaterThan(greatest.getLong(key * Long.BYTES));
              greatest.putLong(key * Long.BYTES, lease.token());
            }
          }
          assertThat(looping.rest()).isEmpty();
        }
      }
    }
  }

  @Test
  @Timeout(value = 15, unit = TimeUnit.MINUTES)
  void aJvmThatExitsDuringRenewalsDoesNotCrashAndLeavesNothingHeld() throws Exception {
    for (int round = 0; round < Rounds.of(3, 100); round++) {
      try (LeaseProcess process = LeaseProcess.start("exit-while-renewing", path, "PT0.1S")) {
        assertThat(process.line()).isEqualTo("exiting");
        assertThat(process.exitCode()).isZero();
      }
      for (int i = 0; i < 50; i++) {
        manager.acquire("r" + i, SOON).close();
      }
    }
  }
}
