package io.ullage.lease.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Leases among processes. */
class RedisProcessesIT {
  private static final int PROCESSES = 4;
  private static final int HELD = 5_000;
  private static final int KEYS = 6_000;

  private static String uri(RedisServer server) {
    return "redis://" + server.host() + ":" + server.port() + "/processes";
  }

  @Test
  void whoWaitsGetsTheKeyOfAHolderThatWasKilled() throws Exception {
    String ttl = Long.toString(Duration.ofSeconds(2).toMillis());
    try (RedisServer server = RedisServer.start();
        OtherJvm holder = OtherJvm.start(List.of(), LeaseWorker.class, uri(server), "k", ttl);
        OtherJvm waiter = waitingBehind(holder, uri(server), ttl)) {
      long token = Long.parseLong(holder.ask("write"));
      assertThat(holder.ask("valid")).isEqualTo("true");

      holder.kill();

      assertThat(Long.parseLong(waiter.line())).isGreaterThan(token);
      assertThat(waiter.ask("valid")).isEqualTo("true");
    }
  }

  private static OtherJvm waitingBehind(OtherJvm holder, String uri, String ttl) throws Exception {
    assertThat(holder.line()).isEqualTo("waiting");
    assertThat(holder.line()).isNotEmpty();
    OtherJvm waiter = OtherJvm.start(List.of(), LeaseWorker.class, uri, "k", ttl);
    assertThat(waiter.line()).isEqualTo("waiting");
    return waiter;
  }

  @Test
  @Timeout(600)
  void thousandsOfLeasesInSeveralProcessesExcludeOneAnother(@TempDir Path folder) throws Exception {
    boolean full = Boolean.getBoolean("ullage.full");
    Path marks = Files.write(folder.resolve("marks"), new byte[16 * KEYS]);
    List<OtherJvm> processes = new ArrayList<>();
    try (RedisServer server = RedisServer.start()) {
      for (int seed = 1; seed <= PROCESSES; seed++) {
        processes.add(
            OtherJvm.start(
                List.of(),
                ManyLeases.class,
                uri(server),
                marks.toString(),
                Integer.toString(KEYS),
                Integer.toString(HELD / PROCESSES),
                // Long enough for a heartbeat, which is a third of 20 s.
                full ? "180" : "12",
                Integer.toString(seed)));
      }
      for (OtherJvm process : processes) {
        assertThat(process.line()).isEqualTo("full");
      }
      for (OtherJvm process : processes) {
        String[] counts = process.line().split(" ", -1);
        assertThat(counts[0]).as("overlaps").isEqualTo("0");
        assertThat(counts[1]).as("lost").isEqualTo("0");
        assertThat(Long.parseLong(counts[2])).as("acquired").isGreaterThan(HELD / PROCESSES);
        assertThat(Long.parseLong(counts[3])).as("renewed").isPositive();
        assertThat(process.exitCode()).isZero();
      }
    } finally {
      processes.forEach(OtherJvm::close);
    }
  }
}
