package io.ullage.bench.growth;

import io.ullage.core.ComponentRegistry;

/** Makes registries of many components. */
final class Components {
  /** Children of one parent. */
  private static final int SIBLINGS = 100;

  private Components() {}

  /** A registry with so many components below its root, each of which has been charged once. */
  static ComponentRegistry make(int count) {
    ComponentRegistry registry =
        ComponentRegistry.builder().withoutCounterFile().limitBytes(1L << 40).build();
    for (int i = 0; i < count; i++) {
      var component = registry.component("parent" + i / SIBLINGS + ".child" + i);
      component.charge(1);
      component.discharge(1);
    }
    return registry;
  }
}
