package io.ullage.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.ullage.alloc.ChunkPool;
import io.ullage.alloc.LeakDetection;
import io.ullage.alloc.LeakReport;
import io.ullage.alloc.PoolStatistics;
import io.ullage.core.Component;
import io.ullage.core.ComponentRegistry;
import io.ullage.core.ComponentToken;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A registry with one pool and its allocators; when it is closed, nothing may be left. */
final class TestAllocators implements AutoCloseable {
  final ComponentRegistry registry = ComponentRegistry.builder().withoutCounterFile().build();
  final Queue<LeakReport> leaks = new ConcurrentLinkedQueue<>();
  final ChunkPool pool;
  private final List<UllageByteBufAllocator> allocators = new ArrayList<>();

  TestAllocators() {
    this(LeakDetection.SAMPLED);
  }

  TestAllocators(LeakDetection detection) {
    pool = ChunkPool.builder(registry).leakDetection(detection).leakListener(leaks::add).build();
  }

  ComponentToken token(String path) {
    return registry.component(path).token();
  }

  UllageByteBufAllocator allocator(String path) {
    return add(UllageByteBufAllocator.of(pool, token(path)));
  }

  UllageByteBufAllocator followingAllocator(String otherwise) {
    return add(UllageByteBufAllocator.ofCurrentToken(pool, token(otherwise)));
  }

  long reservedBytes(String path) {
    return registry.component(path).ownReservedBytes();
  }

  private UllageByteBufAllocator add(UllageByteBufAllocator allocator) {
    allocators.add(allocator);
    return allocator;
  }

  @Override
  public void close() {
    assertThat(registry.components()).extracting(Component::ownReservedBytes).containsOnly(0L);
    if (leaks.isEmpty()) {
      for (UllageByteBufAllocator allocator : allocators) {
        assertThat(allocator.metric().usedDirectMemory()).isZero();
        assertThat(allocator.metric().usedHeapMemory()).isZero();
      }
    }
    pool.close();
    assertThat(pool.statistics()).isEqualTo(new PoolStatistics(0, 0, 0));
    registry.close();
  }
}
