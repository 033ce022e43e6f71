package io.ullage.alloc;

import static org.assertj.core.api.Assertions.assertThat;

import io.ullage.core.Component;
import io.ullage.core.ComponentRegistry;
import io.ullage.core.ComponentToken;
import java.lang.ref.WeakReference;
import org.junit.jupiter.api.Test;

/** Threads live long; what they have used must not live as long because of that. */
class CollectablePoolTest {
  @Test
  void aThreadThatLivesOnDoesNotKeepAClosedPool() {
    WeakReference<Object> internals = useAndClosePool();
    awaitCollection(internals);
    assertThat(internals.get()).isNull();
  }

  @Test
  void aThreadThatLivesOnDoesNotKeepClosedComponents() {
    try (TestPool pool = new TestPool()) {
      WeakReference<Object> first = useAndCloseComponent(pool, "first");
      for (int each = 0; each < 200; each++) {
        useAndCloseComponent(pool, "component" + each);
      }
      awaitCollection(first);
      assertThat(first.get()).isNull();
    }
  }

  private static WeakReference<Object> useAndClosePool() {
    try (ComponentRegistry registry = ComponentRegistry.builder().withoutCounterFile().build();
        ChunkPool chunks = ChunkPool.open(registry)) {
      ComponentToken token = registry.component("user").token();
      SegmentPool.over(chunks).acquire(token, 100).close();
      return new WeakReference<>(chunks.slots());
    }
  }

  private static WeakReference<Object> useAndCloseComponent(TestPool pool, String path) {
    try (Component component = pool.registry.component(path)) {
      pool.segments.acquire(component.token(), 100).close();
      return new WeakReference<>(component);
    }
  }

  /** The collector decides when; it is asked until it has. */
  private static void awaitCollection(WeakReference<Object> reference) {
    while (reference.get() != null) {
      System.gc();
    }
  }
}
