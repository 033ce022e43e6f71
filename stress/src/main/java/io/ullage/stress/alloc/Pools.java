package io.ullage.stress.alloc;

import io.ullage.alloc.ChunkPool;
import io.ullage.alloc.SegmentPool;
import io.ullage.core.ComponentRegistry;
import io.ullage.core.ComponentToken;

/** One pool for all states of a test: a pool has a thread, and states are made by the million. */
final class Pools {
  static final ComponentRegistry REGISTRY =
      ComponentRegistry.builder().withoutCounterFile().build();
  static final ChunkPool CHUNKS = ChunkPool.builder(REGISTRY).leakListener(leak -> {}).build();
  static final SegmentPool SEGMENTS = SegmentPool.over(CHUNKS);
  static final ComponentToken TOKEN = REGISTRY.component("stress").token();

  private Pools() {}
}
