package io.ullage.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ullage.core.Component;
import io.ullage.core.ComponentRegistry;
import io.ullage.core.StatusSource;
import io.ullage.core.bounds.BoundsVerifier;
import io.ullage.core.bounds.ComponentBounds;
import io.ullage.core.bounds.MemoryGrant;
import io.ullage.core.bounds.VerificationMode;
import io.ullage.core.bounds.VerifiedBounds;
import java.io.IOException;
import java.net.ConnectException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StatusServerTest {
  private static final long LIMIT_BYTES = 1 << 20;

  private ComponentRegistry registry;
  private StatusServer server;

  @BeforeEach
  void start() throws IOException {
    registry = ComponentRegistry.builder().withoutCounterFile().limitBytes(LIMIT_BYTES).build();
    server = StatusServer.builder(registry).start();
  }

  @AfterEach
  void stop() {
    server.close();
    registry.close();
  }

  @Test
  void showsEveryComponentItselfAndInTotal() throws IOException {
    Component sources = registry.component("topology.sources");
    Component tcp = registry.component("topology.sources.tcp");
    sources.setLimitBytes(65_536);
    sources.charge(1000);
    tcp.charge(500);
    tcp.charge(300);
    tcp.discharge(300);

    Map<String, Object> status = Json.object(RawHttp.get(server.uri(), "/memory/status").body());

    assertThat(status)
        .containsEntry("exact", true)
        .containsEntry("limit_bytes", LIMIT_BYTES)
        .containsEntry("used_bytes", 1500L);
    Map<String, Object> components = Json.object(status, "components");
    assertThat(components.keySet())
        .containsExactly("root", "topology", "topology.sources", "topology.sources.tcp");
    Map<String, Object> sourcesStatus = Json.object(components, "topology.sources");
    assertThat(sourcesStatus)
        .containsEntry("actual_live_bytes", 1000L)
        .containsEntry("over_bounds", false);
    assertThat(Json.object(sourcesStatus, "total")).containsEntry("actual_live_bytes", 1500L);
    assertThat(Json.object(components, "topology.sources.tcp"))
        .containsEntry("allocated_bytes_total", 800L)
        .containsEntry("deallocated_bytes_total", 300L)
        .containsEntry("allocated_objects_total", 2L)
        .containsEntry("deallocated_objects_total", 1L);

    tcp.discharge(500);
    sources.discharge(1000);
  }

  @Test
  void ownFiguresAddUpToTheRootsTotal() throws IOException {
    for (int index = 0; index < 20; index++) {
      registry.component("a.b" + index % 3 + ".c" + index).charge(100 + index);
    }

    Map<String, Object> status = Json.object(RawHttp.get(server.uri(), "/memory/status").body());

    Map<String, Object> components = Json.object(status, "components");
    Map<String, Long> sums = new TreeMap<>();
    for (String path : components.keySet()) {
      Json.object(components, path)
          .forEach(
              (name, value) -> {
                if (value instanceof Long number && !name.equals("peak_reserved_bytes")) {
                  sums.merge(name, number, Long::sum);
                }
              });
    }
    assertThat(Json.object(Json.object(components, "root"), "total")).containsAllEntriesOf(sums);
    assertThat(sums).containsKeys("actual_live_bytes", "reserved_bytes", "allocated_objects_total");

    for (int index = 0; index < 20; index++) {
      registry.component("a.b" + index % 3 + ".c" + index).discharge(100 + index);
    }
  }

  @Test
  void setsFiguresBesideTheirBounds() throws IOException {
    VerifiedBounds bounds = verifiedBounds();
    registry.component("source").charge(5000);
    Map<String, Object> status;
    String tree;
    try (StatusServer bounded = StatusServer.builder(registry).bounds(bounds).start()) {
      status = Json.object(RawHttp.get(bounded.uri(), "/memory/status").body());
      tree = RawHttp.get(bounded.uri(), "/memory/bounds").body();
    }

    assertThat(status)
        .containsEntry("limit_bytes", 10_000L)
        .containsEntry("effective_limit_bytes", 9000L);
    Map<String, Object> components = Json.object(status, "components");
    assertThat(Json.object(components, "source"))
        .containsEntry("minimum_required_bytes", 1024L)
        .containsEntry("firm_limit_bytes", 4096L)
        .containsEntry("over_bounds", true);
    Map<String, Object> root = Json.object(components, "root");
    assertThat(root).containsEntry("minimum_required_bytes", 0L).containsEntry("over_bounds", true);
    assertThat(Json.object(root, "total")).containsEntry("firm_limit_bytes", 4096L);
    assertThat(Json.object(Json.object(Json.object(tree), "root"), "source"))
        .containsKeys("min", "firm");

    registry.component("source").discharge(5000);
  }

  @Test
  void hasNoBoundsWhereNoneWereGiven() throws IOException {
    assertThat(RawHttp.get(server.uri(), "/memory/bounds").status()).isEqualTo(404);
  }

  private static VerifiedBounds verifiedBounds() {
    ComponentBounds bounds =
        ComponentBounds.of(
            root ->
                root.subcomponent(
                    "source",
                    source -> {
                      source.minimum().fixed("buffers", 1024);
                      source.firm().fixed("batches", 3072);
                    }));
    return new BoundsVerifier(bounds, MemoryGrant.of(10_000, 0.1)).verify(VerificationMode.OFF);
  }

  @Test
  void listsQueuesAndLeasesOfTheRegistry() throws IOException {
    registry.register(source("queue", "q1", Map.of("resident_bytes", 42L)));
    registry.register(source("lease", "l1", Map.of("token", 7L, "held", List.of("a", "b"))));

    assertThat(RawHttp.get(server.uri(), "/queues").body())
        .isEqualTo("{\"queues\":[{\"name\":\"q1\",\"resident_bytes\":42}]}");
    assertThat(RawHttp.get(server.uri(), "/leases").body())
        .contains("\"name\":\"l1\"", "\"token\":7", "\"held\":[\"a\",\"b\"]");
  }

  @Test
  void isUnhealthyWithTheReasonWhenASourceReportsAProblemOrFails() throws IOException {
    assertThat(RawHttp.get(server.uri(), "/health"))
        .satisfies(
            healthy -> {
              assertThat(healthy.status()).isEqualTo(200);
              assertThat(healthy.body()).isEqualTo("{\"healthy\":true,\"reasons\":[]}");
            });
    registry.register(source("queue", "q1", Map.of("problem", "disk full")));
    registry.register(failingSource());

    RawHttp sick = RawHttp.get(server.uri(), "/health");

    assertThat(sick.status()).isEqualTo(503);
    assertThat(sick.body()).contains("queue q1: disk full", "lease broken: ", "out of order");
  }

  @Test
  void isUnhealthyWhileAStoreFailsAndNotWhileItTakesOnlyAPart() throws IOException {
    registry.register(source("queue", "slow", Map.of("store_state", "partial")));
    assertThat(RawHttp.get(server.uri(), "/health").status()).isEqualTo(200);
    registry.register(
        source("queue", "q1", Map.of("store_state", "full", "store_message", "no space left")));

    RawHttp sick = RawHttp.get(server.uri(), "/health");

    assertThat(sick.status()).isEqualTo(503);
    assertThat(sick.body()).contains("[\"queue q1: store full: no space left\"]");
  }

  @Test
  void oneFailingSourceDoesNotHideTheOthers() throws IOException {
    registry.register(failingSource());
    registry.register(source("lease", "fine", Map.of("token", 1L)));

    RawHttp leases = RawHttp.get(server.uri(), "/leases");

    assertThat(leases.status()).isEqualTo(200);
    assertThat(leases.body()).contains("\"name\":\"broken\"", "\"name\":\"fine\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "LOCALHOST:80", "127.0.0.1", "127.0.0.1:8080", "[::1]:9"})
  void answersRequestsForThisHost(String host) throws IOException {
    assertThat(RawHttp.request(server.uri(), "GET", "/health", host).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"example.org", "localhost.example.org", "127.0.0.1.example.org:80", ""})
  void refusesRequestsForAnotherHost(String host) throws IOException {
    assertThat(RawHttp.request(server.uri(), "GET", "/health", host).status()).isEqualTo(421);
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS"})
  void refusesMethodsThatDoNotRead(String method) throws IOException {
    RawHttp answer = RawHttp.request(server.uri(), method, "/memory/status", "localhost");

    assertThat(answer.status()).isEqualTo(405);
    assertThat(answer.headers()).containsIgnoringCase("Allow: GET, HEAD");
  }

  @Test
  void answersHeadWithoutABody() throws IOException {
    RawHttp answer = RawHttp.request(server.uri(), "HEAD", "/memory/status", "localhost");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).isEmpty();
    assertThat(answer.headers()).containsIgnoringCase("Content-Type: application/json");
  }

  @Test
  void answersNothingBelowAPath() throws IOException {
    assertThat(RawHttp.get(server.uri(), "/memory/status/x").status()).isEqualTo(404);
    assertThat(RawHttp.get(server.uri(), "/healthy").status()).isEqualTo(404);
  }

  @Test
  void refusesAPortThatIsNone() {
    assertThatThrownBy(() -> StatusServer.builder(registry).port(65_536))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("port is 65536, allowed is 0 to 65535");
  }

  @Test
  void answersNobodyOnceClosed() {
    server.close();

    assertThatThrownBy(() -> RawHttp.get(server.uri(), "/health"))
        .isInstanceOf(ConnectException.class);
  }

  @Test
  void runsItsDispatcherAsADaemon() {
    assertThat(Thread.getAllStackTraces().keySet())
        .filteredOn(thread -> thread.getName().contains("HTTP-Dispatcher"))
        .isNotEmpty()
        .allMatch(Thread::isDaemon);
  }

  private static StatusSource source(String kind, String name, Map<String, Object> status) {
    return new FixedSource(kind, name, status);
  }

  private static StatusSource failingSource() {
    return new StatusSource() {
      @Override
      public String kind() {
        return "lease";
      }

      @Override
      public String name() {
        return "broken";
      }

      @Override
      public Map<String, Object> status() {
        throw new IllegalStateException("out of order");
      }
    };
  }
}
