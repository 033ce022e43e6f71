package io.ullage.observe.internal;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.ullage.core.ComponentRegistry;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * The body of {@code /metrics}: every figure of a registry in Prometheus' text format, version
 * 0.0.4.
 */
public final class PrometheusText implements ContentSource {
  private static final String TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private final PrometheusMeterRegistry prometheus;
  private final RegistryMeters meters;

  private PrometheusText(ComponentRegistry registry) {
    prometheus = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    meters = new RegistryMeters(registry, prometheus);
    meters.bind();
  }

  /**
   * Text of a registry.
   *
   * @param registry whose figures
   * @return a source that answers 404 when Micrometer's Prometheus registry is not there
   */
  public static ContentSource sourceFor(ComponentRegistry registry) {
    try {
      return new PrometheusText(registry);
    } catch (NoClassDefFoundError missing) {
      return path ->
          Content.line(404, "metrics need micrometer-registry-prometheus on the class path");
    }
  }

  @Override
  public Content content(String path) {
    meters.refresh();
    return new Content(
        200, TYPE, prometheus.scrape(TYPE).getBytes(StandardCharsets.UTF_8), Map.of());
  }
}
