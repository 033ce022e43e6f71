package io.ullage.lease;

import io.ullage.lease.contract.ManagedStoreContract;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

class ChronicleManagedStoreTest extends ManagedStoreContract {
  @TempDir private static Path folder;
  private static ChronicleLeaseStore shared;

  @BeforeAll
  static void open() {
    shared = ChronicleLeaseStore.open(folder.resolve("store"), 64);
  }

  @AfterAll
  static void close() {
    shared.close();
  }

  @Override
  protected LeaseStore store() {
    return shared;
  }
}
