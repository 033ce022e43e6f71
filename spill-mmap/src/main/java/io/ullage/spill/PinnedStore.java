package io.ullage.spill;

import io.ullage.core.ComponentToken;
import io.ullage.spill.internal.store.LinuxSystemCalls;
import io.ullage.spill.internal.store.MemoryCharge;
import io.ullage.spill.internal.store.PinnedSlabs;
import io.ullage.spill.internal.store.SystemCalls;
import org.jspecify.annotations.Nullable;

/**
 * A store in memory that the kernel may not page out (mlock): a tier for queues of which no byte
 * may touch a disk, with a bound of its own. Thread-safe.
 *
 * <p>Needs Linux and native access. The process must be allowed to lock as much (RLIMIT_MEMLOCK, or
 * CAP_IPC_LOCK); where it is not, the store is full and says why.
 */
public final class PinnedStore implements SpillStore {
  private final PinnedSlabs slabs;

  /**
   * Makes an empty store that charges nobody.
   *
   * @param maximumBytes how much memory to lock at most, at least 4 MiB, which is what it takes at
   *     a time
   * @throws UnsupportedOperationException off Linux or without native access
   */
  public PinnedStore(long maximumBytes) {
    this(maximumBytes, null);
  }

  /**
   * Makes an empty store whose memory counts as a component's. At its limit the store is full.
   *
   * @param maximumBytes how much memory to lock at most, at least 4 MiB, which is what it takes at
   *     a time
   * @param token who is charged for what the store has locked
   * @throws UnsupportedOperationException off Linux or without native access
   */
  public PinnedStore(long maximumBytes, @Nullable ComponentToken token) {
    if (maximumBytes < 4 << 20) {
      throw new IllegalArgumentException(
          "maximumBytes: " + maximumBytes + ", allowed are 4194304 and above");
    }
    SystemCalls calls = LinuxSystemCalls.ofThisSystem();
    if (!calls.isNative()) {
      throw new UnsupportedOperationException(
          "locking memory needs Linux and --enable-native-access");
    }
    this.slabs =
        new PinnedSlabs(
            maximumBytes, token == null ? MemoryCharge.ofNobody() : MemoryCharge.of(token), calls);
  }

  @Override
  public SpillSession open(long queueId) {
    return slabs.open();
  }

  @Override
  public StoreUsage usage() {
    return slabs.usage();
  }

  @Override
  public void close() {
    slabs.close();
  }
}
