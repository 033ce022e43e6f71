package io.ullage.alloc;

import static org.assertj.core.api.Assertions.assertThat;

import io.ullage.core.Component;
import io.ullage.core.ComponentRegistry;
import io.ullage.core.ComponentToken;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * A registry with one pool, which gives nothing back by itself because time has passed, and whose
 * accounting is checked when it is closed.
 */
final class TestPool implements AutoCloseable {
  final ComponentRegistry registry;
  final ChunkPool chunks;
  final SegmentPool segments;
  final Queue<LeakReport> leaks = new ConcurrentLinkedQueue<>();

  TestPool() {
    this(Long.MAX_VALUE);
  }

  TestPool(long limitBytes) {
    this(limitBytes, LeakDetection.SAMPLED);
  }

  TestPool(long limitBytes, LeakDetection detection) {
    registry = ComponentRegistry.builder().limitBytes(limitBytes).withoutCounterFile().build();
    chunks =
        ChunkPool.builder(registry)
            .trimAfter(Duration.ofHours(1))
            .leakDetection(detection)
            .leakListener(leaks::add)
            .build();
    segments = SegmentPool.over(chunks);
  }

  ComponentToken token(String path) {
    return registry.component(path).token();
  }

  /** Σ components' own reserved + the pool's own = committed. */
  void checkAccounting() {
    PoolStatistics statistics = chunks.statistics();
    long ownReserved = registry.components().stream().mapToLong(Component::ownReservedBytes).sum();
    assertThat(ownReserved).isEqualTo(statistics.usedBytes());
    assertThat(ownReserved + statistics.cachedBytes()).isEqualTo(statistics.committedBytes());
    assertThat(statistics.cachedBytes()).isNotNegative();
  }

  @Override
  public void close() {
    checkAccounting();
    chunks.close();
    assertThat(chunks.statistics()).isEqualTo(new PoolStatistics(0, 0, 0));
    assertThat(registry.root().totalReservedBytes()).isZero();
    registry.close();
  }
}
