package io.ullage.bench.lease;

import io.ullage.lease.ChronicleLeaseStore;
import io.ullage.lease.Lease;
import io.ullage.lease.LeaseGrant;
import io.ullage.lease.LeaseManager;
import io.ullage.lease.LeaseRequest;
import io.ullage.lease.RenewalOutcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/** Leases of a manager, with its heartbeat and watchdog, in the shared store. */
final class UllageLeases implements LeasePeer {
  private final Path folder = Files.createTempDirectory("ullage-bench");
  private final ChronicleLeaseStore store = ChronicleLeaseStore.open(folder.resolve("leases"));
  private final LeaseManager manager = LeaseManager.builder(store).build();
  private final Lease held = manager.tryAcquire("held").orElseThrow();
  private final LeaseGrant renewed =
      Objects.requireNonNull(store.tryAcquire(new LeaseRequest("renewed", TTL_NANOS, "", false)));

  UllageLeases() throws IOException {}

  @Override
  public boolean tryAcquireAndRelease() {
    Optional<Lease> lease = manager.tryAcquire("benchmark");
    lease.ifPresent(Lease::close);
    return lease.isPresent();
  }

  @Override
  public void renew() {
    if (renewed.renew(TTL_NANOS) != RenewalOutcome.HELD) {
      throw new IllegalStateException("the lease was lost");
    }
  }

  @Override
  public boolean isValid() {
    return held.isValid();
  }

  @Override
  public long peek() {
    return manager.peek("held").orElseThrow().expiresIn().toNanos();
  }

  @Override
  public void close() throws IOException {
    manager.close();
    store.close();
    Folders.delete(folder);
  }
}
