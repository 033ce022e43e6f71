package io.ullage.spill;

import io.ullage.spill.contract.SpillStoreContract;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class MappedFileStoreContractTest extends SpillStoreContract {
  @TempDir Path directory;

  @Override
  protected SpillStore open() throws IOException {
    return MappedFileStore.builder(directory).segmentBytes(1 << 20).build();
  }
}
