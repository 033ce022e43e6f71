package io.ullage.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.ullage.core.internal.ThreadMeter;
import org.junit.jupiter.api.Test;

class ScopeWorkTest {
  /** Moves only when told to. */
  private static final class FakeMeter implements ThreadMeter {
    private long nanos;
    private long bytes;

    void work(long cpuNanos, long heapBytes) {
      nanos += cpuNanos;
      bytes += heapBytes;
    }

    @Override
    public long cpuNanos() {
      return nanos;
    }

    @Override
    public long heapBytes() {
      return bytes;
    }
  }

  @Test
  void tellsWhatAScopeDidItselfFromWhatInnerScopesDid() {
    FakeMeter meter = new FakeMeter();
    try (ComponentRegistry registry =
        ComponentRegistry.builder().withoutCounterFile().threadMeter(meter).build()) {
      Component a = registry.component("a");
      Component b = registry.component("b");
      meter.work(1_000, 1_000);
      try (TokenScope _ = a.token().enter()) {
        meter.work(1, 10);
        try (TokenScope _ = b.token().enter()) {
          meter.work(2, 20);
          try (TokenScope _ = a.token().enter()) {
            meter.work(4, 40);
          }
        }
        meter.work(8, 80);
      }
      meter.work(1_000, 1_000);

      // The inner scope of a lies within the outer one: it counts once.
      assertThat(a.work()).isEqualTo(new WorkFigures(13, 15, 130, 150));
      assertThat(b.work()).isEqualTo(new WorkFigures(2, 6, 20, 60));
      assertThat(registry.root().work()).isEqualTo(WorkFigures.ZERO);
    }
  }

  @Test
  void agreesWithWhatTheJvmCountsForTheThread() throws Exception {
    try (ComponentRegistry registry =
        ComponentRegistry.builder()
            .withoutCounterFile()
            .attributeCpuTime()
            .attributeHeapAllocation()
            .build()) {
      Component a = registry.component("a");
      ThreadMeter jvm = ThreadMeter.ofJvm(true, true);
      long[] inside = new long[2];
      long[] outside = new long[2];
      Thread thread =
          new Thread(
              () -> {
                outside[0] = jvm.cpuNanos();
                outside[1] = jvm.heapBytes();
                try (TokenScope _ = a.token().enter()) {
                  inside[0] = jvm.cpuNanos();
                  inside[1] = jvm.heapBytes();
                  byte[][] garbage = new byte[64][];
                  for (int i = 0; i < garbage.length; i++) {
                    garbage[i] = new byte[10_000];
                  }
                  assertThat(garbage[63]).hasSize(10_000);
                  inside[0] = jvm.cpuNanos() - inside[0];
                  inside[1] = jvm.heapBytes() - inside[1];
                }
                outside[0] = jvm.cpuNanos() - outside[0];
                outside[1] = jvm.heapBytes() - outside[1];
              });
      thread.start();
      thread.join();

      assertThat(a.work().inclusiveHeapBytes()).isBetween(inside[1], outside[1]);
      assertThat(a.work().inclusiveHeapBytes()).isGreaterThan(640_000);
      assertThat(a.work().inclusiveCpuNanos()).isBetween(inside[0], outside[0]);
      assertThat(a.work().exclusiveCpuNanos()).isEqualTo(a.work().inclusiveCpuNanos());
    }
  }

  @Test
  void leavesVirtualThreadsOut() throws Exception {
    try (ComponentRegistry registry =
        ComponentRegistry.builder().withoutCounterFile().attributeHeapAllocation().build()) {
      Component a = registry.component("a");
      Thread.ofVirtual().start(a.token().wrap(() -> {})).join();
      assertThat(a.work()).isEqualTo(WorkFigures.ZERO);
    }
  }
}
