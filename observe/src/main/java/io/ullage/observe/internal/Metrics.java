package io.ullage.observe.internal;

import io.ullage.core.ComponentRegistry;

/**
 * Finds out whether Micrometer is there, without touching a class that cannot be linked without it.
 */
public final class Metrics {
  private static final String NEEDED = "io.micrometer.prometheusmetrics.PrometheusMeterRegistry";

  private Metrics() {}

  /**
   * The metrics of a registry as Prometheus text.
   *
   * @param registry whose figures
   * @return a source that answers 404 when Micrometer's Prometheus registry is not there
   */
  public static ContentSource of(ComponentRegistry registry) {
    if (isThere()) {
      return new PrometheusText(registry);
    }
    return path -> Content.line(404, "metrics need micrometer-registry-prometheus");
  }

  private static boolean isThere() {
    try {
      Class.forName(NEEDED, false, Metrics.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException | LinkageError missing) {
      return false;
    }
  }
}
