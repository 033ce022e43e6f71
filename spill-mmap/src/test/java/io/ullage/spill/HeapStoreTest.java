package io.ullage.spill;

import static org.assertj.core.api.Assertions.assertThat;

import io.ullage.spill.contract.SpillStoreContract;
import org.junit.jupiter.api.Test;

class HeapStoreTest extends SpillStoreContract {
  @Override
  protected SpillStore open() {
    return new HeapStore();
  }

  @Test
  void chargesWhatItHoldsAndIsFullAtTheLimit() throws Exception {
    try (QueueFixture fixture = new QueueFixture(64 << 20)) {
      var component = fixture.registry.component("store");
      component.setLimitBytes(1000);
      try (SpillStore store = new HeapStore(component.token());
          SpillQueue queue = fixture.builder().store(store).spillPolicy(new EagerPolicy()).build();
          SpillWriter writer = queue.writer()) {
        fixture.offer(writer, 0, 600);
        fixture.offer(writer, 1, 600);
        QueueFixture.eventually(() -> queue.statistics().spilledEntries() == 1, "the first fits");
        fixture.offer(writer, 2, 600);
        QueueFixture.eventually(
            () -> queue.statistics().storeState() == StoreState.FULL, "the second does not fit");
        assertThat(component.totalReservedBytes()).isEqualTo(600);
        assertThat(queue.statistics().storeMemoryBytes()).isEqualTo(600);
        for (int i = 0; i < 3; i++) {
          fixture.expect(queue, i, 600);
        }
        assertThat(component.totalReservedBytes()).isZero();
      }
    }
  }
}
