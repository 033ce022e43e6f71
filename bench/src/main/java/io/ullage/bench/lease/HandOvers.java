package io.ullage.bench.lease;

import io.ullage.lease.ChronicleLeaseStore;
import io.ullage.lease.Lease;
import io.ullage.lease.LeaseManager;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

/** How long a key is without an owner when it goes from one process to another. */
final class HandOvers {
  private static final String KEY = "handed-over";
  private static final int SEED = 42;

  /** A waiter has settled by then, and asks at its usual pace. */
  private static final int SETTLED_MILLIS = 30;

  private static final int JITTER_MILLIS = 40;

  private final Path path;
  private final long mebibytes;
  private final Random random = new Random(SEED);

  /** Those between holders that touched so much memory and a waiter here, over a new store. */
  HandOvers(Path path, long mebibytes) {
    this.path = path;
    this.mebibytes = mebibytes;
  }

  /** Nanoseconds from before kill -9 of a holder until the waiter owns. */
  long[] afterKill(int times) throws Exception {
    long[] samples = new long[times];
    try (ChronicleLeaseStore store = ChronicleLeaseStore.open(path);
        LeaseManager manager = LeaseManager.builder(store).build()) {
      for (int i = 0; i < times; i++) {
        try (LeaseHolder holder = LeaseHolder.start(path, KEY, mebibytes)) {
          holder.awaitHeld();
          samples[i] = ownedAfter(manager, holder::kill);
          holder.awaitEnd();
        }
      }
    }
    return samples;
  }

  /** Nanoseconds from before a holder's release until the waiter owns. */
  long[] afterRelease(int times) throws Exception {
    long[] samples = new long[times];
    try (ChronicleLeaseStore store = ChronicleLeaseStore.open(path);
        LeaseManager manager = LeaseManager.builder(store).build();
        LeaseHolder holder = LeaseHolder.start(path, KEY, mebibytes)) {
      for (int i = 0; i < times; i++) {
        holder.awaitHeld();
        samples[i] =
            ownedAfter(
                manager,
                () -> {
                  holder.tell("release");
                  return Long.parseLong(holder.line());
                });
        holder.tell("again");
      }
    }
    return samples;
  }

  /** Something that frees the key, and when. */
  @FunctionalInterface
  private interface Freeing {
    long free() throws IOException;
  }

  private long ownedAfter(LeaseManager manager, Freeing freeing) throws Exception {
    CompletableFuture<Lease> waiting = manager.acquireAsync(KEY, Duration.ofMinutes(1));
    CompletableFuture<Long> owned = waiting.thenApply(lease -> System.nanoTime());
    Thread.sleep(SETTLED_MILLIS + random.nextInt(JITTER_MILLIS));
    if (waiting.isDone()) {
      throw new IllegalStateException("the key was not held");
    }
    long freedAt = freeing.free();
    long nanos = owned.get() - freedAt;
    waiting.get().close();
    return nanos;
  }
}
