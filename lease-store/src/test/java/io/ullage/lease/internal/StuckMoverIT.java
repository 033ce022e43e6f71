package io.ullage.lease.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.ullage.lease.ChronicleLeaseStore;
import io.ullage.lease.Lease;
import io.ullage.lease.LeaseLoss;
import io.ullage.lease.LeaseManager;
import io.ullage.lease.LossCause;
import io.ullage.lease.WorkflowOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Another process holds the store's header lock and does nothing, halfway through a move. */
class StuckMoverIT {
  private static final Duration TTL = Duration.ofSeconds(6);

  /** If a heartbeat waited a tenth of a second for each, it would lose who has a short TTL. */
  private static final int MOVED = 40;

  private static final Duration SHORT_TTL = Duration.ofSeconds(2);

  /** Less than a thread waits for the header lock, which it should not have to. */
  private static final int SOON_SECONDS = 10;

  @TempDir Path folder;

  /** What the other process does: it takes the header lock and keeps it. */
  static final class Holder {
    private Holder() {}

    /** The argument is the sidecar. */
    public static void main(String[] arguments) throws Exception {
      try (Sidecar sidecar = Sidecar.open(Path.of(arguments[0]))) {
        while (!sidecar.tryLockHeader()) {
          Thread.sleep(1);
        }
        System.out.println("locked");
        while (System.in.read() >= 0) {
          Thread.onSpinWait();
        }
      }
    }
  }

  private static Process holdHeader(Path store) throws IOException {
    Process holder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Holder.class.getName(),
                store.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    BufferedReader out =
        new BufferedReader(new InputStreamReader(holder.getInputStream(), StandardCharsets.UTF_8));
    assertThat(out.readLine()).isEqualTo("locked");
    return holder;
  }

  /** Does what a mover does first, and then no more. */
  private void beginMove(String prefix) throws IOException {
    Path records = folder.resolve("store.g1");
    try (RecordFile file = RecordFile.open(records, 1, Files.size(records))) {
      file.search()
          .read(
              Long.MAX_VALUE,
              (key, record) -> {
                if (key.startsWith(prefix)) {
                  long word;
                  do {
                    word = record.wordVolatile();
                    record.saveWord(word);
                  } while (!record.compareAndSetWord(word, LeaseWord.moved(word)));
                }
              });
    }
  }

  /** Holds a key for work that has a TTL of its own, until the manager is closed. */
  private static Lease hold(LeaseManager manager) throws Exception {
    CompletableFuture<Lease> held = new CompletableFuture<>();
    Thread.ofPlatform()
        .daemon()
        .start(
            () -> {
              try {
                manager.run(
                    "stays",
                    WorkflowOptions.defaults().withTtl(SHORT_TTL).withWait(Duration.ofSeconds(30)),
                    lease -> {
                      held.complete(lease);
                      return new CompletableFuture<String>().get();
                    });
              } catch (Exception e) {
                held.completeExceptionally(e);
              }
            });
    return held.get();
  }

  @Test
  void leasesThatAreNotOnTheWayAreRenewedAndWaitersServed() throws Exception {
    Path path = folder.resolve("store");
    try (ChronicleLeaseStore store = ChronicleLeaseStore.open(path, 256);
        LeaseManager manager = LeaseManager.builder(store).ttl(TTL).build()) {
      Lease stays = hold(manager);
      manager.acquire("free", Duration.ofSeconds(30)).close();
      for (int i = 0; i < MOVED; i++) {
        manager.acquire("moved" + i, Duration.ofSeconds(30)).close();
      }
      // Keys that exist are taken in no time, so that all are due together.
      List<CompletableFuture<LeaseLoss>> lost = new ArrayList<>();
      for (int i = 0; i < MOVED; i++) {
        lost.add(manager.acquire("moved" + i, Duration.ofSeconds(30)).lost());
      }
      Process holder = holdHeader(path);
      try {
        // A thread of this process waits for the lock as well, for a key that is new.
        CompletableFuture<Lease> unheard = manager.acquireAsync("new", Duration.ofMinutes(1));
        beginMove("moved");

        CompletableFuture<Lease> free = manager.acquireAsync("free", Duration.ofMinutes(1));
        free.get(SOON_SECONDS, TimeUnit.SECONDS).close();
        for (CompletableFuture<LeaseLoss> loss : lost) {
          assertThat(loss.get(30, TimeUnit.SECONDS).cause()).isEqualTo(LossCause.STORE_FAULT);
        }
        long renewals = stays.renewals();
        while (stays.isValid() && stays.renewals() < renewals + 4) {
          Thread.sleep(10);
        }
        assertThat(stays.isValid()).isTrue();
        assertThat(unheard).isNotDone();

        holder.destroyForcibly();
        unheard.get(60, TimeUnit.SECONDS).close();
        manager.acquire("moved0", Duration.ofSeconds(60)).close();
        assertThat(stays.isValid()).isTrue();
      } finally {
        holder.destroyForcibly();
      }
    }
  }
}
