package io.ullage.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What threads hold in advance never shows to those who need it. */
class CreditTest {
  private static final long LIMIT_BYTES = 64 << 20;

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void isTakenFromIdleThreadsWhenARequestNeedsIt(boolean fenced) throws Exception {
    try (ComponentRegistry registry = registry(fenced);
        ExecutorService idle = Executors.newSingleThreadExecutor();
        ExecutorService idleVirtual = Executors.newVirtualThreadPerTaskExecutor()) {
      assertThat(registry.creditPath())
          .isEqualTo(fenced ? CreditPath.FENCED : CreditPath.COMPARE_AND_SET);
      Component a = registry.component("a");
      Component b = registry.component("b");
      idle.submit(() -> warmUp(a)).get();
      for (int i = 0; i < 100; i++) {
        idleVirtual.submit(() -> warmUp(a)).get();
      }
      assertThat(a.grantedBytes()).as("credit held by idle threads").isPositive();
      assertThat(a.totalReservedBytes()).isZero();

      assertThat(b.tryCharge(LIMIT_BYTES)).isTrue();
      assertThat(a.grantedBytes()).isZero();
      assertThat(b.tryCharge(1)).isFalse();
      b.discharge(LIMIT_BYTES);
      idle.submit(() -> warmUp(a)).get();
      assertThat(b.tryCharge(LIMIT_BYTES)).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void isNotKeptFromWaiters(boolean fenced) throws Exception {
    try (ComponentRegistry registry = registry(fenced);
        ExecutorService threads = Executors.newCachedThreadPool()) {
      Component a = registry.component("a");
      warmUp(a);
      a.charge(LIMIT_BYTES - 10_000_000);
      warmUp(a);
      Future<?> waiting =
          threads.submit(
              () -> {
                registry.component("b").charge(10_000_064, Duration.ofMinutes(2));
                return null;
              });
      while (registry.waitingCharges() == 0) {
        Thread.sleep(1);
      }
      // Would go into this thread's credit if nobody waited.
      a.discharge(64);
      waiting.get();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void isGivenBackByThreadsThatEnd(boolean fenced) throws Exception {
    try (ComponentRegistry registry = registry(fenced)) {
      Component a = registry.component("a");
      for (int i = 0; i < 300; i++) {
        Thread thread = new Thread(() -> warmUp(a));
        thread.start();
        thread.join();
      }
      registry.foldEndedThreads();
      assertThat(a.grantedBytes()).isZero();
      MemoryFigures own = registry.snapshot().figures("a").orElseThrow().own();
      assertThat(own.allocations()).isEqualTo(300 * 100);
      assertThat(own.frees()).isEqualTo(300 * 100);
      assertThat(own.allocatedBytes()).isEqualTo(300 * 100 * 64);
      assertThat(own.usedBytes()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void neverLetsThreadsTogetherPassTheLimit(boolean fenced) throws Exception {
    long limit = 1 << 20;
    try (ComponentRegistry registry = registry(fenced);
        ExecutorService threads = Executors.newCachedThreadPool()) {
      registry.root().setLimitBytes(limit);
      CountDownLatch begin = new CountDownLatch(1);
      List<Future<Long>> charged = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        Component component = registry.component("c" + i % 2);
        charged.add(
            threads.submit(
                () -> {
                  begin.await();
                  long sum = 0;
                  for (int n = 1; component.tryCharge(48); n++) {
                    sum += 48;
                    if (n % 10 == 0) {
                      component.discharge(48);
                      sum -= 48;
                    }
                  }
                  return sum;
                }));
      }
      begin.countDown();
      long sum = 0;
      for (Future<Long> future : charged) {
        sum += future.get();
      }
      assertThat(registry.root().totalReservedBytes()).isEqualTo(sum).isLessThanOrEqualTo(limit);
      assertThat(registry.root().peakReservedBytes()).isLessThanOrEqualTo(limit);
      // Each refusal was the truth: what is left would not have held one more.
      assertThat(limit - sum).isLessThan(48 + 4 * 48);
    }
  }

  private static void warmUp(Component component) {
    for (int i = 0; i < 100; i++) {
      component.charge(64);
      component.discharge(64);
    }
  }

  private static ComponentRegistry registry(boolean fenced) {
    ComponentRegistryBuilder builder =
        ComponentRegistry.builder().limitBytes(LIMIT_BYTES).withoutCounterFile();
    return fenced ? builder.build() : builder.withoutFence().build();
  }
}
