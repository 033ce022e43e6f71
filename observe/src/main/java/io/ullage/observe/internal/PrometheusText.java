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
final class PrometheusText implements ContentSource {
  private static final String TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private final PrometheusMeterRegistry prometheus;
  private final RegistryMeters meters;

  PrometheusText(ComponentRegistry registry) {
    prometheus = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    meters = new RegistryMeters(registry, prometheus);
    meters.bind();
  }

  @Override
  public Content content(String path) {
    meters.refresh();
    return new Content(
        200, TYPE, prometheus.scrape(TYPE).getBytes(StandardCharsets.UTF_8), Map.of());
  }
}
