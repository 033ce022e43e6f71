package io.ullage.spill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ullage.spill.contract.SpillStoreContract;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PinnedStoreTest extends SpillStoreContract {
  @BeforeEach
  void mayLockMemory() {
    try (SpillStore store = new PinnedStore(64 << 20);
        SpillSession session = store.open(1);
        Arena arena = Arena.ofConfined()) {
      session.release(session.spill(SpillBatch.single(0, arena.allocate(10))));
    } catch (IOException | UnsupportedOperationException e) {
      Assumptions.abort("memory cannot be locked here: " + e.getMessage());
    }
  }

  @Override
  protected SpillStore open() {
    return new PinnedStore(128 << 20);
  }

  private static long lockedBytes() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmLck:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) << 10)
        .sum();
  }

  @Test
  void locksChargesAndGivesBack() throws Exception {
    try (QueueFixture fixture = new QueueFixture(64 << 20)) {
      var component = fixture.registry.component("store");
      long before = lockedBytes();
      try (PinnedStore store = new PinnedStore(8 << 20, component.token());
          Arena arena = Arena.ofConfined();
          SpillSession session = store.open(1)) {
        SpilledRun run = session.spill(SpillBatch.single(0, arena.allocate(1000)));
        assertThat(lockedBytes() - before).isEqualTo(4 << 20);
        assertThat(component.totalReservedBytes()).isEqualTo(4 << 20);
        session.release(run);
      }
      assertThat(lockedBytes()).isEqualTo(before);
      assertThat(component.totalReservedBytes()).isZero();
    }
  }

  @Test
  void slabsThatAreReadGoToWhatComesNext() throws Exception {
    try (PinnedStore store = new PinnedStore(16 << 20);
        Arena arena = Arena.ofConfined();
        SpillSession session = store.open(1)) {
      MemorySegment entry = arena.allocate(1 << 20);
      SpilledRun before = session.spill(SpillBatch.single(0, entry));
      for (int i = 1; i < 40; i++) {
        SpilledRun next = session.spill(SpillBatch.single(i, entry));
        session.release(before);
        before = next;
      }
      assertThat(store.usage().memoryBytes()).isLessThanOrEqualTo(12 << 20);
    }
  }

  @Test
  void isFullAtItsMaximum() throws Exception {
    try (PinnedStore store = new PinnedStore(8 << 20);
        Arena arena = Arena.ofConfined();
        SpillSession session = store.open(1)) {
      session.spill(SpillBatch.single(0, arena.allocate(4 << 20)));
      session.spill(SpillBatch.single(1, arena.allocate(4 << 20)));
      assertThatThrownBy(() -> session.spill(SpillBatch.single(2, arena.allocate(1))))
          .isInstanceOf(StoreFullException.class)
          .hasMessageContaining("8388608 of 8388608");
    }
  }
}
