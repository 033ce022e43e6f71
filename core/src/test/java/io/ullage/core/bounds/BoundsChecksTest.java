package io.ullage.core.bounds;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.ullage.core.Component;
import io.ullage.core.ComponentRegistry;
import io.ullage.core.bounds.fixtures.BoundsChecks;
import io.ullage.core.bounds.fixtures.FixedBounds;
import org.junit.jupiter.api.Test;

class BoundsChecksTest {
  private static final MemoryBounds PROGRAM =
      builder -> builder.subcomponent("queue", new FixedBounds(10, 30));

  @Test
  void passesWhatFitsAndNamesWhatDoesNot() {
    BoundsChecks.assertFits(PROGRAM, 40);
    assertThatExceptionOfType(AssertionError.class)
        .isThrownBy(() -> BoundsChecks.assertFits(PROGRAM, 39))
        .withMessageContaining("queue: needs 40 B, has 39 B");
  }

  @Test
  void comparesPeaksWithFirmTotals() {
    try (ComponentRegistry registry = ComponentRegistry.builder().withoutCounterFile().build()) {
      BoundsChecks.assertPeaksWithin(registry, PROGRAM);
      Component queue = registry.component("queue");
      queue.charge(41);
      queue.discharge(41);
      assertThatExceptionOfType(AssertionError.class)
          .isThrownBy(() -> BoundsChecks.assertPeaksWithin(registry, PROGRAM))
          .withMessageContaining("queue: declares 40 B, reserved 41 B");
    }
  }
}
