package io.ullage.bench.growth;

import io.ullage.bench.spill.Folders;
import io.ullage.lease.ChronicleLeaseStore;
import io.ullage.lease.LeaseManager;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** A free lease acquired and released, while the same manager holds many others. */
record LeaseCurve() implements Curve {
  private static final String FREE = "free";

  @Override
  public String name() {
    return "lease";
  }

  @Override
  public String parameter() {
    return "leases";
  }

  @Override
  public int most(boolean full) {
    return 100_000;
  }

  @Override
  public Point open(int count) throws IOException {
    Path folder = Folders.create();
    ChronicleLeaseStore store = ChronicleLeaseStore.open(folder.resolve("leases"), 2L * count + 1);
    LeaseManager manager = LeaseManager.builder(store).ttl(Duration.ofSeconds(30)).build();
    for (int i = 0; i < count; i++) {
      if (manager.tryAcquire("held-" + i).isEmpty()) {
        throw new IllegalStateException("key " + i + " is taken");
      }
    }
    return new Point() {
      @Override
      public void repeat(int times) {
        for (int i = 0; i < times; i++) {
          manager.tryAcquire(FREE).orElseThrow().close();
        }
      }

      @Override
      public void close() throws IOException {
        manager.close();
        store.close();
        Folders.delete(folder);
      }
    };
  }
}
