package io.ullage.arrow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ullage.alloc.LeakReport;
import io.ullage.core.ComponentRegistry;
import io.ullage.core.MemoryLimitException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedTransferQueue;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.memory.OwnershipTransferResult;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class UllageAllocationManagerTest {
  private final TestComponents test = new TestComponents();

  @AfterEach
  void accountingIsZero() {
    test.close();
  }

  @Test
  void chargesABufferUntilItsLastReference() {
    try (RootAllocator root = UllageAllocationManager.rootAllocator(test.pool, test.token("a"))) {
      ArrowBuf buffer = root.buffer(1000);
      assertThat(buffer.memoryAddress() % 64).isZero();
      assertThat(root.getAllocatedMemory()).isEqualTo(1024);
      assertThat(test.reservedBytes("a")).isEqualTo(1024);
      buffer.setLong(1016, 42);
      ArrowBuf slice = buffer.slice(1016, 8);
      slice.getReferenceManager().retain();
      buffer.close();
      assertThat(slice.getLong(0)).isEqualTo(42);
      assertThat(test.reservedBytes("a")).isEqualTo(1024);
      slice.close();
      assertThat(test.reservedBytes("a")).isZero();
      assertThatThrownBy(() -> slice.getReferenceManager().release())
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void servesBuffersOfAllSizes() {
    try (RootAllocator root = UllageAllocationManager.rootAllocator(test.pool, test.token("a"))) {
      assertThat(root.buffer(0).capacity()).isZero();
      assertThat(root.getEmpty().capacity()).isZero();
      for (long byteSize = 1; byteSize <= 8 << 20; byteSize *= 2) {
        try (ArrowBuf buffer = root.buffer(byteSize)) {
          buffer.setByte(byteSize - 1, 7);
          assertThat(buffer.getByte(byteSize - 1)).isEqualTo((byte) 7);
          assertThat(test.reservedBytes("a")).isGreaterThanOrEqualTo(root.getAllocatedMemory());
        }
        assertThat(root.getAllocatedMemory()).isZero();
      }
    }
  }

  @Test
  void aRefusalByOurLimitIsArrowsExceptionAndRollsArrowsFiguresBack() {
    test.registry.component("a").setLimitBytes(4096);
    try (RootAllocator root = UllageAllocationManager.rootAllocator(test.pool, test.token("a"));
        BufferAllocator child = root.newChildAllocator("child", 0, Long.MAX_VALUE);
        ArrowBuf held = child.buffer(2048)) {
      assertThatThrownBy(() -> child.buffer(4096))
          .isInstanceOf(OutOfMemoryException.class)
          .hasMessageContaining("4096 bytes for allocator child: a: 4096 bytes refused")
          .hasCauseInstanceOf(MemoryLimitException.class);
      assertThat(held.capacity()).isEqualTo(2048);
      assertThat(child.getAllocatedMemory()).isEqualTo(2048);
      assertThat(root.getAllocatedMemory()).isEqualTo(2048);
      assertThat(test.reservedBytes("a")).isEqualTo(2048);
      child.buffer(2048).close();
      root.verify();
    }
  }

  @Test
  void aRefusalByArrowsLimitTakesNothingFromThePool() {
    try (RootAllocator root = UllageAllocationManager.rootAllocator(test.pool, test.token("a"));
        BufferAllocator child = root.newChildAllocator("child", 1024, 4096)) {
      assertThat(root.getAllocatedMemory()).isEqualTo(1024);
      assertThat(test.reservedBytes("a")).isZero();
      assertThatThrownBy(() -> child.buffer(8192))
          .isInstanceOf(OutOfMemoryException.class)
          .hasNoCause();
      assertThat(test.reservedBytes("a")).isZero();
      root.setLimit(2048);
      assertThatThrownBy(() -> child.buffer(4096)).isInstanceOf(OutOfMemoryException.class);
      assertThat(test.reservedBytes("a")).isZero();
    }
  }

  @Test
  void chargesEachAllocatorsOwnComponentWhereAFactorySaysSo() {
    try (RootAllocator root =
            new RootAllocator(
                RootAllocator.configBuilder()
                    .allocationManagerFactory(
                        UllageAllocationManager.factory(
                            test.pool, allocator -> test.token("arrow." + allocator.getName())))
                    .build());
        BufferAllocator scan = root.newChildAllocator("scan", 0, Long.MAX_VALUE);
        BufferAllocator join = root.newChildAllocator("join", 0, Long.MAX_VALUE)) {
      ArrowBuf scanned = scan.buffer(1024);
      ArrowBuf joined = join.buffer(2048);
      assertThat(test.reservedBytes("arrow.scan")).isEqualTo(1024);
      assertThat(test.reservedBytes("arrow.join")).isEqualTo(2048);
      scanned.close();
      joined.close();
    }
  }

  @Test
  void aTransferMovesArrowsFiguresAndLeavesTheChargeUntilTheLastOwnerReleases() {
    try (RootAllocator root = UllageAllocationManager.rootAllocator(test.pool, test.token("a"));
        BufferAllocator giver = root.newChildAllocator("giver", 0, Long.MAX_VALUE);
        BufferAllocator taker = root.newChildAllocator("taker", 0, Long.MAX_VALUE)) {
      ArrowBuf given = giver.buffer(1024);
      given.setInt(0, 5);
      OwnershipTransferResult transfer =
          given.getReferenceManager().transferOwnership(given, taker);
      assertThat(transfer.getAllocationFit()).isTrue();
      ArrowBuf taken = transfer.getTransferredBuffer();
      given.close();
      assertThat(giver.getAllocatedMemory()).isZero();
      assertThat(taker.getAllocatedMemory()).isEqualTo(1024);
      assertThat(test.reservedBytes("a")).isEqualTo(1024);
      assertThat(taken.getInt(0)).isEqualTo(5);
      taken.close();
      assertThat(taker.getAllocatedMemory()).isZero();
    }
  }

  @Test
  void aBufferThatTwoAllocatorsRetainIsFreedByTheLast() {
    try (RootAllocator root = UllageAllocationManager.rootAllocator(test.pool, test.token("a"));
        BufferAllocator first = root.newChildAllocator("first", 0, Long.MAX_VALUE);
        BufferAllocator second = root.newChildAllocator("second", 0, Long.MAX_VALUE)) {
      ArrowBuf buffer = first.buffer(1024);
      ArrowBuf shared = buffer.getReferenceManager().retain(buffer, second);
      buffer.close();
      assertThat(second.getAllocatedMemory()).isEqualTo(1024);
      assertThat(test.reservedBytes("a")).isEqualTo(1024);
      shared.close();
    }
  }

  @Test
  void isReleasedByAnyThread() throws Exception {
    LinkedTransferQueue<ArrowBuf> handedOver = new LinkedTransferQueue<>();
    int count = 10_000;
    try (RootAllocator root = UllageAllocationManager.rootAllocator(test.pool, test.token("a"));
        ExecutorService virtual = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> allocating =
          virtual.submit(
              () -> {
                for (int each = 0; each < count; each++) {
                  ArrowBuf buffer = root.buffer(each % 5000 + 8);
                  buffer.setLong(0, each);
                  handedOver.add(buffer);
                }
              });
      long sum = 0;
      for (int each = 0; each < count; each++) {
        try (ArrowBuf buffer = handedOver.take()) {
          sum += buffer.getLong(0);
        }
      }
      allocating.get();
      assertThat(sum).isEqualTo((count - 1L) * count / 2);
      assertThat(root.getAllocatedMemory()).isZero();
    }
  }

  @Test
  void aLeakIsToldByArrowWhenTheAllocatorIsClosedAndByThePoolWhenTheBufferIsDropped() {
    TestComponents leaky = new TestComponents();
    RootAllocator root = UllageAllocationManager.rootAllocator(leaky.pool, leaky.token("a"));
    drop(root);
    assertThatThrownBy(root::close)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("Memory leaked: (1024)");
    while (leaky.leaks.isEmpty()) {
      System.gc();
      leaky.pool.trim().join();
    }
    LeakReport leak = leaky.leaks.remove();
    assertThat(leak.kind()).isEqualTo(LeakReport.Kind.DROPPED);
    assertThat(leak.component()).isEqualTo("a");
    assertThat(leak.site().orElseThrow().toString()).contains("UllageAllocationManagerTest");
    // Somebody might still have its address.
    assertThat(leaky.reservedBytes("a")).isEqualTo(1024);
    leaky.pool.close();
    assertThat(leaky.pool.statistics().usedBytes()).isEqualTo(1024);
  }

  @Test
  void refusesAComponentOfAnotherRegistryAndAClosedPool() {
    try (ComponentRegistry other = ComponentRegistry.builder().withoutCounterFile().build();
        RootAllocator strange =
            UllageAllocationManager.rootAllocator(test.pool, other.component("x").token());
        RootAllocator root = UllageAllocationManager.rootAllocator(test.pool, test.token("a"))) {
      assertThatThrownBy(() -> strange.buffer(10)).isInstanceOf(IllegalArgumentException.class);
      assertThat(strange.getAllocatedMemory()).isZero();
      test.pool.close();
      assertThatThrownBy(() -> root.buffer(10)).isInstanceOf(IllegalStateException.class);
      assertThat(root.getAllocatedMemory()).isZero();
    }
  }

  private static void drop(RootAllocator root) {
    root.buffer(1024).setLong(0, 1);
  }
}
