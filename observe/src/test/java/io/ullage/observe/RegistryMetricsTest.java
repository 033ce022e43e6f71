package io.ullage.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.ullage.core.ComponentRegistry;
import io.ullage.observe.internal.RegistryMeters;
import io.ullage.observe.micrometer.RegistryMetrics;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RegistryMetricsTest {
  private ComponentRegistry registry;

  @BeforeEach
  void open() {
    registry = ComponentRegistry.builder().withoutCounterFile().limitBytes(1 << 20).build();
    registry.component("a").charge(100);
    registry.component("a.b").charge(20);
  }

  @AfterEach
  void close() {
    registry.component("a.b").discharge(20);
    registry.component("a").discharge(100);
    registry.close();
  }

  @Test
  void servesEveryComponentAndSourceAsPrometheusText() throws IOException {
    registry.register(
        new FixedSource(
            "queue",
            "q1",
            Map.of(
                "resident_bytes", 42L,
                "spilled_bytes", 5L,
                "spilled_bytes_total", 7L,
                "offer_wait_nanos_total", 1_500_000_000L,
                "lost_total", Map.of("expired", 3L),
                "store_state", "ok")));
    try (StatusServer server = StatusServer.builder(registry).start()) {
      RawHttp answer = RawHttp.get(server.uri(), "/metrics");

      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.headers()).contains("text/plain; version=0.0.4");
      assertThat(answer.body().lines())
          .contains(
              "# TYPE ullage_memory_used_bytes gauge",
              "# TYPE ullage_memory_allocated_bytes_total counter",
              "ullage_components 3.0",
              "ullage_memory_used_bytes{component=\"a\"} 100.0",
              "ullage_memory_used_bytes{component=\"a.b\"} 20.0",
              "ullage_memory_subtree_reserved_bytes{component=\"a\"} 120.0",
              "ullage_memory_limit_bytes{component=\"root\"} 1048576.0",
              "ullage_memory_limit_bytes{component=\"a\"} NaN",
              "ullage_memory_allocations_total{component=\"a.b\"} 1.0",
              "ullage_queue_resident_bytes{name=\"q1\"} 42.0",
              "ullage_queue_spilled_bytes{name=\"q1\"} 5.0",
              "ullage_queue_spilled_bytes_cumulative_total{name=\"q1\"} 7.0",
              "ullage_queue_offer_wait_seconds_total{name=\"q1\"} 1.5",
              "ullage_queue_lost_total{key=\"expired\",name=\"q1\"} 3.0")
          .noneMatch(line -> line.contains("store_state"));
    }
  }

  @Test
  void bindsToARegistryOfTheUsersOwn() {
    MeterRegistry meters = new SimpleMeterRegistry();

    new RegistryMetrics(registry).bindTo(meters);

    assertThat(meters.get("ullage.memory.used").tag("component", "a").gauge().value())
        .isEqualTo(100);
    assertThat(meters.get("ullage.memory.freed").tag("component", "a").functionCounter().count())
        .isZero();
  }

  @Test
  void followsComponentsThatComeAndGo() {
    MeterRegistry meters = new SimpleMeterRegistry();
    RegistryMeters bound = new RegistryMeters(registry, meters);
    bound.bind();
    registry.component("late");
    await(() -> meters.get("ullage.components").gauge().value() == 4);
    await(
        () -> {
          bound.refresh();
          return meters.find("ullage.memory.used").tag("component", "late").gauge() != null;
        });

    registry.component("late").close();

    await(
        () -> {
          bound.refresh();
          return meters.find("ullage.memory.used").tag("component", "late").gauge() == null;
        });
  }

  /** JUnit's timeout is the bound. */
  private static void await(java.util.function.BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      Thread.onSpinWait();
    }
  }
}
