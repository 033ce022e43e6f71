package io.ullage.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.ullage.core.Component;
import io.ullage.core.ComponentRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Many clients ask over kept connections while the program charges and discharges. */
class StatusServerLoadTest {
  private static final int CLIENTS = 4;
  private static final int REQUESTS = 200;
  private static final List<String> SUMMED =
      List.of(
          "actual_live_bytes",
          "reserved_bytes",
          "allocated_bytes_total",
          "deallocated_bytes_total",
          "allocated_objects_total",
          "deallocated_objects_total",
          "refusals_total");

  @Test
  void everyAnswerAddsUpAndNoCounterGoesBackWhileTheProgramWorks() throws Exception {
    AtomicBoolean ended = new AtomicBoolean();
    try (ComponentRegistry registry =
            ComponentRegistry.builder().withoutCounterFile().limitBytes(1 << 20).build();
        StatusServer server = StatusServer.builder(registry).start();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        ExecutorService writers = Executors.newFixedThreadPool(2)) {
      for (int i = 0; i < 2; i++) {
        Component component = registry.component("work.writer-" + i);
        writers.execute(
            () -> {
              while (!ended.get()) {
                component.charge(64);
                component.discharge(64);
              }
            });
      }
      List<Future<Integer>> clients = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        Callable<Integer> client = () -> ask(server.uri().resolve("/memory/status"));
        clients.add(threads.submit(client));
      }
      int exact = 0;
      try {
        for (Future<Integer> client : clients) {
          exact += client.get();
        }
      } finally {
        ended.set(true);
      }
      assertThat(exact).isEqualTo(CLIENTS * REQUESTS);
    }
  }

  private static int ask(URI status) throws Exception {
    int exact = 0;
    long allocated = 0;
    try (HttpClient client = HttpClient.newHttpClient()) {
      for (int i = 0; i < REQUESTS; i++) {
        HttpResponse<String> answer =
            client.send(
                HttpRequest.newBuilder(status).build(), HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(200);
        Map<String, Object> body = Json.object(answer.body());
        exact += Boolean.TRUE.equals(body.get("exact")) ? 1 : 0;
        Map<String, Object> components = Json.object(body, "components");
        Map<String, Object> total = Json.object(Json.object(components, "root"), "total");
        for (String field : SUMMED) {
          long sum = 0;
          for (String path : components.keySet()) {
            sum += Json.number(Json.object(components, path), field);
          }
          assertThat(sum).as(field).isEqualTo(total.get(field));
        }
        long now = Json.number(total, "allocated_bytes_total");
        assertThat(now).isGreaterThanOrEqualTo(allocated);
        allocated = now;
        assertThat(Json.number(total, "actual_live_bytes")).isBetween(0L, 128L);
      }
    }
    return exact;
  }
}
