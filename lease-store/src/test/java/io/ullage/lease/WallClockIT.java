package io.ullage.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The wall clock of a real process is set back and forth while it holds a lease. Setting that of
 * the machine would hurt everything else on it, and a time namespace has no wall clock of its own;
 * so the holder runs behind libfaketime (Debian's package of that name), which answers its every
 * reading of that one clock and leaves the monotonic one alone.
 */
class WallClockIT {
  private static final Duration TTL = Duration.ofSeconds(10);
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration YEAR = Duration.ofDays(365);
  private static final Path LIBRARIES = Path.of("/usr/lib");

  @TempDir Path folder;
  private Path path;
  private Path shift;
  private ChronicleLeaseStore store;
  private LeaseManager manager;

  @BeforeEach
  void open() throws IOException {
    path = folder.resolve("store");
    shift = Files.writeString(folder.resolve("shift"), "+0");
    store = ChronicleLeaseStore.open(path, 64);
    manager = LeaseManager.builder(store).build();
  }

  @AfterEach
  void close() {
    manager.close();
    store.close();
  }

  private static Optional<Path> library() throws IOException {
    try (Stream<Path> architectures = Files.list(LIBRARIES)) {
      return architectures
          .map(folder -> folder.resolve("faketime/libfaketimeMT.so.1"))
          .filter(Files::exists)
          .findFirst();
    }
  }

  private LeaseProcess holder() throws IOException {
    Optional<Path> library = library();
    assumeTrue(library.isPresent(), "libfaketime is missing (apt-get install libfaketime)");
    List<String> behind =
        List.of(
            "env",
            "LD_PRELOAD=" + library.orElseThrow(),
            "FAKETIME_TIMESTAMP_FILE=" + shift,
            "FAKETIME_NO_CACHE=1",
            "FAKETIME_DONT_FAKE_MONOTONIC=1");
    return LeaseProcess.start(behind, List.of(), "hold", path, TTL.toString());
  }

  /** Sets the holder's wall clock, and waits until it has renewed under it a few times. */
  private void set(LeaseProcess holder, Duration by) throws Exception {
    Path next = Files.writeString(folder.resolve("next"), "%+d".formatted(by.toSeconds()));
    Files.move(next, shift, StandardCopyOption.ATOMIC_MOVE);
    long renewals = -1;
    while (true) {
      holder.tell("what time is it?");
      String[] said = holder.line().split(" ", -1);
      assertThat(said).as("still held").hasSize(2);
      Duration ahead = Duration.between(Instant.now(), Instant.parse(said[0]));
      if (ahead.minus(by).abs().compareTo(YEAR) < 0) {
        renewals = renewals < 0 ? Long.parseLong(said[1]) : renewals;
        if (Long.parseLong(said[1]) >= renewals + 4) {
          return;
        }
      }
      Thread.sleep(20);
    }
  }

  @Test
  void settingItNeitherEndsNorProlongsALease() throws Exception {
    try (LeaseProcess holder = holder()) {
      long token = Long.parseLong(holder.line());

      set(holder, YEAR.multipliedBy(10));
      assertThat(manager.tryAcquire("k")).isEmpty();
      set(holder, YEAR.multipliedBy(-10));
      assertThat(manager.tryAcquire("k")).isEmpty();
      set(holder, YEAR.multipliedBy(5));
      assertThat(store.peek("k").orElseThrow().token()).as("one and the same").isEqualTo(token);

      holder.signal("STOP");
      try (Lease lease = manager.acquire("k", PATIENCE)) {
        assertThat(lease.token()).isGreaterThan(token);
        holder.signal("CONT");
        assertThat(holder.line()).isIn("woke false", "lost EXPIRED");
      }
    }
  }
}
