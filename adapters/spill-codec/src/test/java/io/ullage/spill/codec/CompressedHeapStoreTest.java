package io.ullage.spill.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.ullage.core.Component;
import io.ullage.core.ComponentRegistry;
import io.ullage.spill.HeapStore;
import io.ullage.spill.SpillBatch;
import io.ullage.spill.SpillSession;
import io.ullage.spill.SpillStore;
import io.ullage.spill.SpilledRun;
import io.ullage.spill.contract.SpillStoreContract;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class CompressedHeapStoreTest extends SpillStoreContract {
  @Override
  protected SpillStore open() {
    return new CompressingStore(new HeapStore(), Compression.LZ4);
  }

  @Test
  void compressedBytesAreChargedAndTheOriginalOnesAreNot() throws Exception {
    try (ComponentRegistry registry =
            ComponentRegistry.builder().limitBytes(1 << 20).withoutCounterFile().build();
        Arena arena = Arena.ofConfined()) {
      Component component = registry.component("compressed");
      try (CompressingStore store =
              new CompressingStore(new HeapStore(component.token()), Compression.LZ4);
          SpillSession session = store.open(1)) {
        MemorySegment entry = arena.allocate(100_000, 64).fill((byte) 7);
        SpilledRun run = session.spill(SpillBatch.single(0, entry));
        assertThat(component.totalReservedBytes()).isBetween(1L, 1000L);
        assertThat(store.originalBytesTotal()).isEqualTo(100_000);
        assertThat(store.storedBytesTotal()).isEqualTo(component.totalReservedBytes());
        session.release(run);
        assertThat(component.totalReservedBytes()).isZero();
      }
    }
  }
}
