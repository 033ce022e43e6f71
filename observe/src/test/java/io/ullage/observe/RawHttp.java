package io.ullage.observe;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/**
 * One HTTP exchange over a plain socket, for the JDK's client does not send just any Host header.
 */
record RawHttp(int status, String headers, String body) {
  static RawHttp get(URI server, String path) throws IOException {
    return request(server, "GET", path, "localhost:" + server.getPort());
  }

  static RawHttp request(URI server, String method, String path, String host) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.getPort())) {
      String request =
          "%s %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n".formatted(method, path, host);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      socket.getOutputStream().flush();
      String response = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int bodyStart = response.indexOf("\r\n\r\n") + 4;
      int status = Integer.parseInt(response.substring(9, 12));
      return new RawHttp(status, response.substring(0, bodyStart), response.substring(bodyStart));
    }
  }
}
