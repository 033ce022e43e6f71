package io.ullage.stress.spill;

import io.ullage.alloc.ChunkPool;
import io.ullage.alloc.DetachedSegment;
import io.ullage.alloc.SegmentPool;
import io.ullage.core.Component;
import io.ullage.core.ComponentRegistry;

/** One registry and one pool for all states of a test: a state is made millions of times. */
final class Memory {
  static final Memory SHARED = new Memory();

  final Component component;
  final SegmentPool segments;

  private Memory() {
    ComponentRegistry registry = ComponentRegistry.builder().withoutCounterFile().build();
    component = registry.component("stress");
    segments = SegmentPool.over(ChunkPool.open(registry));
  }

  DetachedSegment entry(long byteSize) {
    return segments.acquire(component.token(), byteSize).detach();
  }
}
