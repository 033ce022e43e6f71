package io.ullage.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ullage.core.ComponentRegistry;
import io.ullage.core.MemorySnapshot;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that are wrong, too large, too slow or too many. */
class StatusServerAbuseTest {
  private static final String END = "\r\n\r\n";

  /** Some tests wait for it. */
  private static final Duration IMPATIENT = Duration.ofMillis(500);

  private ComponentRegistry registry;
  private StatusServer server;

  @BeforeEach
  void start() throws IOException {
    registry = ComponentRegistry.builder().withoutCounterFile().limitBytes(1 << 20).build();
    registry.component("a.b").charge(100);
    server = StatusServer.builder(registry).start();
  }

  @AfterEach
  void stop() {
    server.close();
    registry.component("a.b").discharge(100);
    registry.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nonsense\r\n\r\n",
        "GET\r\n\r\n",
        "GET /health\r\n\r\n",
        "GET http://[ HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET opaque:path HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
        "GET /%zz HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET /health HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
        "GET /health HTTP/1.1\r\nHost: localhost\r\nContent-Length: x\r\n\r\n",
        "GET /health HTTP/1.1\r\nHost: localhost\r\nNo colon\r\nConnection: close\r\n\r\n",
        "\u0000\u0001\u0002\u0003\r\n\r\n",
        "\r\n\r\n\r\n\r\n"
      })
  void aMalformedRequestIsRefusedOrCutOff(String request) throws IOException {
    try (StatusServer impatient =
        StatusServer.builder(registry).requestTimeout(IMPATIENT).start()) {
      assertThat(RawHttp.raw(impatient.uri(), request).status()).isIn(0, 400, 404, 421);
      // Whatever it was, the server goes on.
      while (RawHttp.get(impatient.uri(), "/health").status() != 200) {
        Thread.onSpinWait();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/../../../../etc/passwd",
        "/ui/../dashboard.html",
        "/ui/%2e%2e/dashboard.html",
        "/ui/",
        "/ui/sizing.html",
        "//ui/main.js",
        "/memory",
        "/favicon.ico"
      })
  void answersNothingButWhatItServes(String path) throws IOException {
    assertThat(RawHttp.get(server.uri(), path).status()).isIn(400, 404);
  }

  @Test
  void refusesALongPathMuchInTheHeadersAndABody() throws IOException {
    String head = " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n";
    assertThat(
            RawHttp.raw(server.uri(), "GET /health?" + "x".repeat(4000) + head + "\r\n").status())
        .isEqualTo(414);
    String header = "X-Filler: " + "y".repeat(20_000);
    assertThat(RawHttp.raw(server.uri(), "GET /health" + head + header + END).status())
        .isEqualTo(431);
    assertThat(
            RawHttp.raw(server.uri(), "GET /health" + head + "Content-Length: 5\r\n\r\nhello")
                .status())
        .isEqualTo(413);
  }

  @Test
  void refusesTheMethodOfARequestWithABodyNotTheBody() throws IOException {
    String post =
        "POST /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
            + "Content-Length: 5\r\n\r\nhello";
    assertThat(RawHttp.raw(server.uri(), post).status()).isEqualTo(405);
  }

  @Test
  void cutsOffHeadersWithoutEnd() throws IOException {
    StringBuilder request = new StringBuilder("GET /health HTTP/1.1\r\nHost: localhost\r\n");
    for (int i = 0; i < 10_000; i++) {
      request.append("X-").append(i).append(": ").append("z".repeat(50)).append("\r\n");
    }
    int status;
    try {
      status = RawHttp.raw(server.uri(), request.toString()).status();
    } catch (IOException resetWhileSending) {
      status = 0;
    }

    assertThat(status).isIn(0, 400, 431);
    assertThat(RawHttp.get(server.uri(), "/health").status()).isEqualTo(200);
  }

  @Test
  void refusesTwoHostHeadersAndNone() throws IOException {
    String get = "GET /health HTTP/1.1\r\nConnection: close\r\n";
    assertThat(RawHttp.raw(server.uri(), get + "\r\n").status()).isIn(400, 421);
    assertThat(
            RawHttp.raw(server.uri(), get + "Host: localhost\r\nHost: example.org" + END).status())
        .isIn(400, 421);
  }

  @Test
  void acceptsAFurtherHostThatWasNamed() throws IOException {
    try (StatusServer named =
        StatusServer.builder(registry).acceptHost("Status.Example.org").start()) {
      assertThat(RawHttp.request(named.uri(), "GET", "/health", "status.example.ORG:80").status())
          .isEqualTo(200);
      assertThat(RawHttp.request(named.uri(), "GET", "/health", "example.org").status())
          .isEqualTo(421);
    }
  }

  @Test
  void aClientThatSendsSlowlyIsCutOff() throws IOException {
    try (StatusServer impatient = StatusServer.builder(registry).requestTimeout(IMPATIENT).start();
        Socket slow = connect(impatient.uri(), "GET /hea")) {
      assertThat(RawHttp.readAll(slow)).isEmpty();
    }
  }

  @Test
  void aClientThatDoesNotReadIsCutOff() throws IOException {
    // More than the kernel keeps for a connection.
    for (int i = 0; i < 10_000; i++) {
      registry.component("wide.component-with-a-long-name-" + i);
    }
    String request = "GET /memory/status HTTP/1.1\r\nHost: localhost\r\n\r\n";
    int whole;
    try (StatusServer patient = StatusServer.builder(registry).start()) {
      whole = RawHttp.get(patient.uri(), "/memory/status").body().length();
    }
    assertThat(whole).isGreaterThan(5 << 20);
    try (StatusServer impatient = StatusServer.builder(registry).requestTimeout(IMPATIENT).start();
        Socket deaf = new Socket()) {
      deaf.setReceiveBufferSize(4096);
      deaf.connect(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), impatient.uri().getPort()));
      deaf.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      // Whoever comes later is cut off later.
      try (Socket other = connect(impatient.uri(), "GET /hea")) {
        assertThat(RawHttp.readAll(other)).isEmpty();
      }
      assertThat(RawHttp.readAll(deaf).length()).isLessThan(whole);
    }
  }

  @Test
  void ofMoreRequestsThanThereArePlacesTheLaterOnesAreCutOff() throws IOException {
    List<Socket> slow = new ArrayList<>();
    try (StatusServer patient =
        StatusServer.builder(registry).maxRequests(2).requestTimeout(Duration.ofHours(1)).start()) {
      slow.add(connect(patient.uri(), "GET /hea"));
      slow.add(connect(patient.uri(), "GET /hea"));
      // The two have their places once a third finds none.
      while (RawHttp.get(patient.uri(), "/health").status() == 200) {
        Thread.onSpinWait();
      }
      slow.removeFirst().close();
      while (RawHttp.get(patient.uri(), "/health").status() != 200) {
        Thread.onSpinWait();
      }
    } finally {
      for (Socket socket : slow) {
        socket.close();
      }
    }
  }

  @Test
  void noRequestChangesAnything() throws IOException {
    MemorySnapshot before = registry.snapshot();
    for (String path :
        List.of(
            "/memory/status", "/queues", "/leases", "/pools", "/health", "/metrics", "/", "/x")) {
      for (String method : List.of("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH")) {
        RawHttp.request(server.uri(), method, path, "localhost");
      }
    }

    assertThat(registry.snapshot().components()).isEqualTo(before.components());
    assertThat(registry.statusSources()).isEmpty();
  }

  @Test
  void refusesOptionsThatCannotBe() {
    StatusServer.Builder options = StatusServer.builder(registry);
    assertThatThrownBy(() -> options.maxRequests(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("requests is 0, allowed are 1 and more");
    assertThatThrownBy(() -> options.requestTimeout(Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("timeout is PT0S, allowed");
    assertThatThrownBy(() -> options.acceptHost(" "))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("host is blank, allowed");
  }

  private static Socket connect(URI server, String beginning) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.getPort());
    socket.getOutputStream().write(beginning.getBytes(StandardCharsets.US_ASCII));
    return socket;
  }
}
