package io.ullage.observe.internal;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/** What one response carries. Immutable, as long as nobody changes the bytes. */
public final class Content {
  private final int status;
  private final String type;
  private final byte[] body;
  private final Map<String, String> headers;

  /**
   * Makes a content.
   *
   * @param status its HTTP status
   * @param type its media type
   * @param body its bytes, which nobody changes afterwards
   * @param headers further headers of this response
   */
  public Content(int status, String type, byte[] body, Map<String, String> headers) {
    this.status = status;
    this.type = type;
    this.body = body;
    this.headers = Map.copyOf(headers);
  }

  /**
   * A line of text.
   *
   * @param status the HTTP status
   * @param line the text
   * @return a response without further headers
   */
  public static Content line(int status, String line) {
    return new Content(
        status,
        "text/plain; charset=utf-8",
        (line + "\n").getBytes(StandardCharsets.UTF_8),
        Map.of());
  }

  int status() {
    return status;
  }

  String type() {
    return type;
  }

  byte[] body() {
    return body;
  }

  Map<String, String> headers() {
    return headers;
  }
}
