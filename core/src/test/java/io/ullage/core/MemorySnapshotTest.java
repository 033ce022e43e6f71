package io.ullage.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class MemorySnapshotTest {
  @Test
  void saysWhatChangedAndHowFast() {
    MemorySnapshot earlier = new MemorySnapshot(true, figures(1_000, 400));
    MemorySnapshot later = new MemorySnapshot(true, figures(5_000, 1_400));

    SnapshotDelta delta = SnapshotDelta.between(earlier, later, Duration.ofSeconds(2));

    assertThat(delta.totals().get("root"))
        .isEqualTo(new MemoryFigures(3_000, 0, 4_000, 1_000, 0, 0, 0, 0));
    assertThat(delta.allocatedBytesPerSecond("root")).isEqualTo(2_000);
    assertThat(delta.freedBytesPerSecond("root")).isEqualTo(500);
    assertThat(delta.allocatedBytesPerSecond("unknown")).isZero();
    assertThat(later.since(earlier).elapsed()).isGreaterThanOrEqualTo(Duration.ZERO);
  }

  @Test
  void showsHeadroomAndShareOfTheLimit() {
    MemoryFigures total = new MemoryFigures(25, 0, 25, 0, 1, 0, 0, 0);
    ComponentFigures limited = new ComponentFigures("a", 100, 25, total, total);
    ComponentFigures unlimited = new ComponentFigures("a", Long.MAX_VALUE, 25, total, total);
    ComponentFigures lowered = new ComponentFigures("a", 10, 25, total, total);

    assertThat(limited.headroomBytes()).isEqualTo(75);
    assertThat(limited.limitShare()).isEqualTo(0.25);
    assertThat(unlimited.headroomBytes()).isEqualTo(Long.MAX_VALUE);
    assertThat(unlimited.limitShare()).isZero();
    assertThat(lowered.headroomBytes()).isZero();
  }

  @Test
  void isNeverNegativeNorGoesBackWhileThreadsWrite() throws Exception {
    try (ComponentRegistry registry =
        ComponentRegistry.builder().limitBytes(1 << 20).withoutCounterFile().build()) {
      AtomicBoolean stop = new AtomicBoolean();
      Component a = registry.component("a");
      Component b = registry.component("a.b");
      Thread writer =
          new Thread(
              () -> {
                while (!stop.get()) {
                  b.charge(64);
                  b.transferTo(a, 64);
                  a.discharge(64);
                }
              });
      writer.start();
      MemoryFigures last = MemoryFigures.ZERO;
      for (int i = 0; i < 2_000; i++) {
        MemorySnapshot snapshot = i % 10 == 0 ? registry.exactSnapshot() : registry.snapshot();
        MemoryFigures total = snapshot.figures("root").orElseThrow().total();
        MemoryFigures grown = total.minus(last);
        assertThat(total.usedBytes()).isNotNegative();
        assertThat(grown.allocatedBytes()).isNotNegative();
        assertThat(grown.freedBytes()).isNotNegative();
        if (snapshot.exact()) {
          // One charge, and for the moment of a move its double.
          assertThat(total.reservedBytes()).isLessThanOrEqualTo(128);
        }
        assertThat(i % 10 != 0 || snapshot.exact()).isTrue();
        last = total;
      }
      stop.set(true);
      writer.join();
      assertThat(registry.exactSnapshot().figures("root").orElseThrow().total().usedBytes())
          .isZero();
    }
  }

  private static SortedMap<String, ComponentFigures> figures(long allocated, long freed) {
    MemoryFigures total = new MemoryFigures(allocated - freed, 0, allocated, freed, 0, 0, 0, 0);
    SortedMap<String, ComponentFigures> map = new TreeMap<>();
    map.put("root", new ComponentFigures("root", Long.MAX_VALUE, 0, MemoryFigures.ZERO, total));
    return map;
  }
}
