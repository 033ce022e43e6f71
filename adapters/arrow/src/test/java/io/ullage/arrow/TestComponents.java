package io.ullage.arrow;

import static org.assertj.core.api.Assertions.assertThat;

import io.ullage.alloc.ChunkPool;
import io.ullage.alloc.LeakDetection;
import io.ullage.alloc.LeakReport;
import io.ullage.alloc.PoolStatistics;
import io.ullage.core.Component;
import io.ullage.core.ComponentRegistry;
import io.ullage.core.ComponentToken;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A registry with one pool; when it is closed, nothing may be left. */
final class TestComponents implements AutoCloseable {
  final ComponentRegistry registry = ComponentRegistry.builder().withoutCounterFile().build();
  final Queue<LeakReport> leaks = new ConcurrentLinkedQueue<>();
  final ChunkPool pool =
      ChunkPool.builder(registry)
          .leakDetection(LeakDetection.EVERY_SITE)
          .leakListener(leaks::add)
          .build();

  ComponentToken token(String path) {
    return registry.component(path).token();
  }

  long reservedBytes(String path) {
    return registry.component(path).ownReservedBytes();
  }

  @Override
  public void close() {
    assertThat(registry.components()).extracting(Component::ownReservedBytes).containsOnly(0L);
    pool.close();
    assertThat(pool.statistics()).isEqualTo(new PoolStatistics(0, 0, 0));
    registry.close();
  }
}
