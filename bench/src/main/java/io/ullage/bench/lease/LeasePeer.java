package io.ullage.bench.lease;

import java.io.IOException;

/**
 * What keeps others out, as a benchmark sees it: one key that is taken and given back again and
 * again, and another that stays taken. Whatever a peer lacks of a lease, a deadline or somebody to
 * be named to others, it gets in the simplest way that its users have.
 *
 * <p>A fork opens one implementation only, so that calls through this interface are inlined.
 */
interface LeasePeer extends AutoCloseable {
  /** The TTL of all leases. */
  long TTL_NANOS = 30_000_000_000L;

  /** Opens a peer by the name that the benchmark parameter {@code impl} has. */
  static LeasePeer open(String impl) throws IOException {
    return switch (impl) {
      case "ullage" -> new UllageLeases();
      case "reentrant-lock" -> new LockLeases();
      case "file-lock" -> new FileLockLeases();
      case "chronicle-query-context" -> new QueryContextLeases();
      default ->
          throw new IllegalArgumentException(
              "impl is "
                  + impl
                  + "; allowed: ullage, reentrant-lock, file-lock, chronicle-query-context");
    };
  }

  /** Takes the key and gives it back; false if somebody else has it. */
  boolean tryAcquireAndRelease() throws IOException;

  /** Extends the lease that is held. */
  void renew() throws IOException;

  /** Whether the lease that is held still is. */
  boolean isValid();

  /** Until when the other key is taken, as somebody else finds out. */
  long peek() throws IOException;

  @Override
  void close() throws IOException;
}
