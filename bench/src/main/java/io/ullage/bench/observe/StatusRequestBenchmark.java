package io.ullage.bench.observe;

import com.sun.net.httpserver.HttpServer;
import io.ullage.core.ComponentRegistry;
import io.ullage.observe.StatusServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * One {@code GET /memory/status} over a kept connection, beside a server of the JDK that answers
 * two bytes: the difference is what taking and writing the status costs.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Benchmark)
public class StatusRequestBenchmark {
  private static final byte[] TWO_BYTES = {'{', '}'};

  /** {@code two-bytes} answers the same whatever the number of components. */
  @Param({"ullage", "two-bytes"})
  public String impl = "ullage";

  /** How many components the registry has. */
  @Param({"100", "10", "1000", "10000"})
  public int components = 100;

  private final HttpClient client = HttpClient.newHttpClient();
  private AutoCloseable server = () -> {};
  private HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost/")).build();

  /** Starts the server that {@link #impl} names. */
  @Setup
  public void start() throws IOException {
    switch (impl) {
      case "ullage" -> startStatusServer();
      case "two-bytes" -> startTwoByteServer();
      default -> throw new IllegalArgumentException("impl: " + impl);
    }
  }

  /** Ends it. */
  @TearDown
  public void stop() throws Exception {
    server.close();
    client.close();
  }

  /** One request and its answer. */
  @Benchmark
  public HttpResponse<byte[]> get() throws IOException, InterruptedException {
    HttpResponse<byte[]> response = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
    if (response.statusCode() != 200) {
      throw new IOException("status " + response.statusCode());
    }
    return response;
  }

  private void startStatusServer() throws IOException {
    ComponentRegistry registry = ComponentRegistry.builder().withoutCounterFile().build();
    for (int i = 0; i < components; i++) {
      registry.component("benchmark.component-" + i).charge(64);
    }
    StatusServer status = StatusServer.builder(registry).start();
    server =
        () -> {
          status.close();
          registry.close();
        };
    request = HttpRequest.newBuilder(status.uri().resolve("memory/status")).build();
  }

  private void startTwoByteServer() throws IOException {
    HttpServer plain =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    ExecutorService requests = Executors.newVirtualThreadPerTaskExecutor();
    plain.setExecutor(requests);
    plain.createContext(
        "/",
        exchange -> {
          try (exchange) {
            exchange.sendResponseHeaders(200, TWO_BYTES.length);
            exchange.getResponseBody().write(TWO_BYTES);
          }
        });
    plain.start();
    server =
        () -> {
          plain.stop(0);
          requests.shutdownNow();
        };
    request =
        HttpRequest.newBuilder(URI.create("http://localhost:" + plain.getAddress().getPort() + "/"))
            .build();
  }
}
