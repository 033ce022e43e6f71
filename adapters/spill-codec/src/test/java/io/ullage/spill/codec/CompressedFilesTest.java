package io.ullage.spill.codec;

import io.ullage.spill.MappedFileStore;
import io.ullage.spill.SpillStore;
import io.ullage.spill.contract.SpillStoreContract;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class CompressedFilesTest extends SpillStoreContract {
  @TempDir Path directory;

  @Override
  protected SpillStore open() throws IOException {
    return new CompressingStore(
        MappedFileStore.builder(directory).segmentBytes(1 << 20).build(), Compression.ZSTD);
  }
}
