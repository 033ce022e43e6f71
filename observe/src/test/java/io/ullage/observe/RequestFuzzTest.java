package io.ullage.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.ullage.core.ComponentRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Whatever somebody sends, the next one is answered, and nothing has changed. */
class RequestFuzzTest {
  private static ComponentRegistry registry =
      ComponentRegistry.builder().withoutCounterFile().limitBytes(1 << 20).build();
  private static List<StatusServer> servers = List.of();

  @BeforeContainer
  static void start() throws IOException {
    registry.component("a.b").charge(100);
    servers = List.of(StatusServer.builder(registry).start());
  }

  @AfterContainer
  static void stop() {
    servers.forEach(StatusServer::close);
    registry.component("a.b").discharge(100);
    registry.close();
  }

  @Property(tries = 150)
  void anyBytesAreAnsweredOrCutOff(@ForAll @Size(max = 600) byte[] bytes) throws IOException {
    assertSurvives(new String(bytes, StandardCharsets.ISO_8859_1));
  }

  @Property(tries = 300)
  void almostRequestsAreAnsweredOrCutOff(@ForAll("requests") String request) throws IOException {
    assertSurvives(request);
  }

  @Provide
  Arbitrary<String> requests() {
    Arbitrary<String> method =
        Arbitraries.of("GET", "HEAD", "POST", "get", "G T", "", "OPTIONS", "TRACE");
    Arbitrary<String> path =
        Arbitraries.oneOf(
            Arbitraries.of(
                "/", "/health", "/memory/status", "/../x", "//", "*", "/%", "/%2e%2e/", "/ui/"),
            Arbitraries.strings().withCharRange(' ', '~').ofMaxLength(40).map(text -> "/" + text));
    Arbitrary<String> version = Arbitraries.of("HTTP/1.1", "HTTP/1.0", "HTTP/2", "HTP", "");
    Arbitrary<String> header =
        Arbitraries.oneOf(
            Arbitraries.of(
                "Host: localhost",
                "Host: example.org",
                "Host:",
                "Content-Length: 5",
                "Content-Length: 99999999999999999999",
                "Transfer-Encoding: chunked",
                "Connection: close",
                "Expect: 100-continue",
                ": nothing",
                " folded"),
            Arbitraries.strings().ascii().ofMaxLength(60));
    Arbitrary<String> end = Arbitraries.of("\r\n\r\n", "\r\n", "\n\n", "\r\n\r\n\r\n5\r\nabc");
    return Combinators.combine(method, path, version, header.list().ofMaxSize(4), end)
        .as(
            (m, p, v, headers, e) ->
                m + " " + p + " " + v + "\r\n" + String.join("\r\n", headers) + e);
  }

  private static void assertSurvives(String request) throws IOException {
    StatusServer server = servers.getFirst();
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.uri().getPort())) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      socket.shutdownOutput();
      String answer = RawHttp.readAll(socket);
      assertThat(answer)
          .as("the answer to %s", request)
          .satisfiesAnyOf(a -> assertThat(a).isEmpty(), a -> assertThat(a).startsWith("HTTP/1."));
      assertThat(answer).doesNotContain("\tat ", "io.ullage");
    }
    assertThat(RawHttp.get(server.uri(), "/health").status()).isEqualTo(200);
    assertThat(registry.component("a.b").ownReservedBytes()).isEqualTo(100);
  }
}
