package io.ullage.lease.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.ullage.lease.ChronicleLeaseStore;
import io.ullage.lease.LeaseGrant;
import io.ullage.lease.LeaseRequest;
import io.ullage.lease.LeaseStore;
import io.ullage.lease.LeaseStoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever stands in a store's files, using it works or fails by type: no crash, no hanging, no
 * other exception. A seed that failed once belongs into {@link #CORPUS}.
 */
class StoreFilesFuzzTest {
  /** Further tries, with seeds that follow one another; the full run sets more. */
  private static final int TRIES = Integer.getInteger("ullage.lease.fuzzTries", 20);

  private static final long FIRST_SEED = Long.getLong("ullage.lease.fuzzSeed", 1_000);

  /** Seeds that found something. */
  private static final long[] CORPUS = {};

  private static final long ENTRIES = 16;
  private static final long TTL_NANOS = Duration.ofSeconds(30).toNanos();

  /** Headers and the first records lie within. */
  private static final int INTERESTING_BYTES = 64 << 10;

  @TempDir Path folder;

  @Test
  @Timeout(300)
  void storesWithChangedBytesWorkOrFailByType() throws IOException {
    Path healthy = folder.resolve("healthy");
    try (LeaseStore store = ChronicleLeaseStore.open(healthy, ENTRIES)) {
      for (String key : new String[] {"held", "free", "also held"}) {
        LeaseGrant grant = store.tryAcquire(new LeaseRequest(key, TTL_NANOS, "a note", false));
        if (grant != null && key.equals("free")) {
          grant.release();
        }
      }
    }
    byte[] sidecar = Files.readAllBytes(healthy);
    byte[] records = Files.readAllBytes(folder.resolve("healthy.g1"));
    for (long seed : CORPUS) {
      tryChanged(sidecar, records, seed);
    }
    for (long seed = FIRST_SEED; seed < FIRST_SEED + TRIES; seed++) {
      tryChanged(sidecar, records, seed);
    }
  }

  private void tryChanged(byte[] sidecar, byte[] records, long seed) throws IOException {
    Random random = new Random(seed);
    Path path = folder.resolve("changed" + seed);
    boolean inRecords = random.nextInt(3) > 0;
    Files.write(path, inRecords ? sidecar : changed(sidecar, random));
    Path generation = folder.resolve("changed" + seed + ".g1");
    Files.write(generation, inRecords ? changed(records, random) : records);

    Throwable thrown = catchThrowable(() -> use(path));

    if (thrown != null) {
      assertThat(thrown).as("seed %d", seed).isInstanceOf(LeaseStoreException.class);
    }
    Files.deleteIfExists(generation);
  }

  /** Changes a few bytes, half of them such as were not zero. */
  private static byte[] changed(byte[] whole, Random random) {
    byte[] changed = whole.clone();
    for (int left = 1 + random.nextInt(8); left > 0; left--) {
      int at = random.nextInt(Math.min(whole.length, INTERESTING_BYTES));
      if (random.nextBoolean()) {
        while (changed[at] == 0) {
          at = (at + 1) % changed.length;
        }
      }
      changed[at] = (byte) random.nextInt();
    }
    return changed;
  }

  private static void use(Path path) {
    try (LeaseStore store = ChronicleLeaseStore.open(path, ENTRIES)) {
      for (String key : new String[] {"held", "free", "new"}) {
        LeaseGrant grant = store.tryAcquire(new LeaseRequest(key, TTL_NANOS, "", false));
        if (grant != null) {
          assertThat(grant.token()).isPositive();
          grant.renew(TTL_NANOS);
          grant.release();
        }
        assertThat(store.peek(key)).isNotNull();
      }
      assertThat(store.list()).isNotNull();
    }
  }
}
