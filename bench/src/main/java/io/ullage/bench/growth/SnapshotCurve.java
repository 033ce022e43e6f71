package io.ullage.bench.growth;

import io.ullage.core.ComponentRegistry;
import io.ullage.core.MemorySnapshot;

/** A snapshot of all components. */
record SnapshotCurve() implements Curve {
  @Override
  public String name() {
    return "snapshot";
  }

  @Override
  public String parameter() {
    return "components";
  }

  @Override
  public int least() {
    return 10;
  }

  @Override
  public int most(boolean full) {
    return 100_000;
  }

  @Override
  public Point open(int count) {
    ComponentRegistry registry = Components.make(count);
    return new Point() {
      @Override
      public void repeat(int times) {
        for (int i = 0; i < times; i++) {
          MemorySnapshot snapshot = registry.snapshot();
          if (!snapshot.exact()) {
            throw new IllegalStateException("nobody writes, and the snapshot is not exact");
          }
        }
      }

      @Override
      public void close() {
        registry.close();
      }
    };
  }
}
