package io.ullage.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A thread that lives on does not keep what it once worked for. */
class RegistryReachabilityTest {
  private static final int CHARGES = 100;

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aDroppedRegistryIsCollectedThoughItsThreadsLiveOn(boolean fenced) throws Exception {
    try (ExecutorService worker = Executors.newSingleThreadExecutor()) {
      for (WeakReference<Object> part : worker.submit(() -> partsOf(workAndDrop(fenced))).get()) {
        while (part.get() != null && !Thread.currentThread().isInterrupted()) {
          System.gc();
        }
        assertThat(part.get()).isNull();
      }
    }
  }

  private static List<WeakReference<Object>> partsOf(ComponentRegistry registry) {
    return List.of(
        new WeakReference<>(registry),
        new WeakReference<>(registry.root()),
        new WeakReference<>(registry.root().level()));
  }

  private static ComponentRegistry workAndDrop(boolean fenced) {
    var builder =
        ComponentRegistry.builder().limitBytes(1 << 30).withoutCounterFile().attributeCpuTime();
    ComponentRegistry registry = fenced ? builder.build() : builder.withoutFence().build();
    Component component = registry.component("a.b");
    try (TokenScope _ = component.token().enter()) {
      for (int i = 0; i < CHARGES; i++) {
        component.charge(1);
        component.discharge(1);
      }
    }
    component.token().run(() -> component.charge(1));
    return registry;
  }
}
