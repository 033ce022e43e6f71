/**
 * What an operator sees of a running program: status and metrics over HTTP, a dashboard, a sizing
 * guide, JMX and Micrometer.
 *
 * <p>{@link io.ullage.observe.StatusServer} serves all of it; {@link
 * io.ullage.observe.StatusHandlers} has the same for a server of your own. Micrometer is optional:
 * {@link io.ullage.observe.micrometer.RegistryMetrics} needs {@code micrometer-core}, and {@code
 * /metrics} needs {@code micrometer-registry-prometheus}.
 */
module io.ullage.observe {
  requires transitive io.ullage.core;
  requires com.fasterxml.jackson.core;
  requires transitive java.management;
  requires transitive jdk.httpserver;
  requires static micrometer.core;
  requires static micrometer.registry.prometheus;
  requires static org.jspecify;

  exports io.ullage.observe;
  exports io.ullage.observe.micrometer;
}
