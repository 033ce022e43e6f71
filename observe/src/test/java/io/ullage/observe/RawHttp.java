package io.ullage.observe;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
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
    return raw(
        server,
        "%s %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n".formatted(method, path, host));
  }

  /** Sends any bytes and reads until the server closes; status 0 when it says nothing. */
  static RawHttp raw(URI server, String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.getPort())) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().flush();
      return parse(readAll(socket));
    }
  }

  /** What was said until the connection ended, even by a reset. */
  static String readAll(Socket socket) throws IOException {
    ByteArrayOutputStream response = new ByteArrayOutputStream();
    try {
      socket.getInputStream().transferTo(response);
    } catch (SocketException cutOff) {
      return response.toString(StandardCharsets.UTF_8);
    }
    return response.toString(StandardCharsets.UTF_8);
  }

  private static RawHttp parse(String response) {
    if (response.isEmpty()) {
      return new RawHttp(0, "", "");
    }
    int bodyStart = response.indexOf("\r\n\r\n") + 4;
    int status = Integer.parseInt(response.substring(9, 12));
    return new RawHttp(status, response.substring(0, bodyStart), response.substring(bodyStart));
  }
}
