package io.ullage.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class ManyComponentsAndThreadsTest {
  private static final int COMPONENTS = 10_000;
  private static final int ROUNDS = 10;
  private static final int THREADS_AT_ONCE = 1_000;
  private static final int COMPONENTS_OF_A_THREAD = 10;
  private static final long MAX_HEAP_BYTES = 64L << 20;

  /**
   * 10,000 threads one after the other in groups of 1,000, each of which works for ten of 10,000
   * components.
   */
  @Test
  void fitInto64MebibytesTogether() throws Exception {
    long before = usedHeapBytes();
    try (ComponentRegistry registry = ComponentRegistry.builder().withoutCounterFile().build()) {
      Component[] components = new Component[COMPONENTS];
      for (int i = 0; i < COMPONENTS; i++) {
        components[i] = registry.component("group" + i / 100 + ".component" + i);
      }
      for (int round = 1; round <= ROUNDS; round++) {
        chargeOnManyThreads(components, registry, before);
        assertThat(registry.root().totalReservedBytes())
            .isEqualTo((long) round * THREADS_AT_ONCE * COMPONENTS_OF_A_THREAD);
      }
      assertThat(registry.snapshot().components()).hasSize(COMPONENTS + 101);
    }
  }

  private static void chargeOnManyThreads(
      Component[] components, ComponentRegistry registry, long before) throws InterruptedException {
    CountDownLatch charged = new CountDownLatch(THREADS_AT_ONCE);
    CountDownLatch measured = new CountDownLatch(1);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < THREADS_AT_ONCE; i++) {
      int first = i * COMPONENTS_OF_A_THREAD;
      Runnable work =
          () -> {
            for (int c = 0; c < COMPONENTS_OF_A_THREAD; c++) {
              components[first + c].charge(1);
            }
            charged.countDown();
            awaitUninterruptibly(measured);
          };
      Thread thread = new Thread(null, work, "charger", 64 * 1024);
      thread.start();
      threads.add(thread);
    }
    charged.await();
    assertThat(usedHeapBytes() - before).isLessThan(MAX_HEAP_BYTES);
    assertThat(registry.root().grantedBytes()).isPositive();
    measured.countDown();
    for (Thread thread : threads) {
      thread.join();
    }
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static long usedHeapBytes() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
