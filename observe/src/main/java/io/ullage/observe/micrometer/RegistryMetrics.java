package io.ullage.observe.micrometer;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.ullage.core.ComponentRegistry;
import io.ullage.observe.internal.RegistryMeters;

/**
 * Shows a registry's components, and the numbers of its status sources (queues, leases, pools, the
 * limiter), as Micrometer's meters.
 *
 * <p>Each component has {@code ullage.memory.*} with its own figures under the tag {@code
 * component}, so that they add up; limits, peaks and {@code ullage.memory.subtree.reserved} are
 * those of the component with all below it. A status source's numbers are {@code ullage.KIND.*}
 * under the tag {@code name}. Components and sources that come or go later are noticed when {@code
 * ullage.components} is read, and show from the next reading on.
 *
 * <p>Immutable and thread-safe. Reading all meters costs one snapshot, however many there are: a
 * snapshot serves for 100 milliseconds.
 */
@SuppressWarnings("exports") // Micrometer is optional: who uses this class requires it anyway.
public final class RegistryMetrics implements MeterBinder {
  private final ComponentRegistry registry;

  /**
   * Makes a binder.
   *
   * @param registry whose figures
   */
  public RegistryMetrics(ComponentRegistry registry) {
    this.registry = registry;
  }

  @Override
  public void bindTo(MeterRegistry meters) {
    new RegistryMeters(registry, meters).bind();
  }
}
