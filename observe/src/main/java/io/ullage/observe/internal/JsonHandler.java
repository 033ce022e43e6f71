package io.ullage.observe.internal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;

/**
 * Answers GET and HEAD with a JSON document made for each request, everything else with 405.
 *
 * <p>A document is written to memory first, so that one that fails half-way becomes a 500 and never
 * half an answer.
 */
public final class JsonHandler implements HttpHandler {
  private static final JsonFactory JSON = new JsonFactory();
  private static final long NO_BODY = -1;

  private final Supplier<JsonDocument> documents;

  /**
   * Makes a handler.
   *
   * @param documents makes the document of one response
   */
  public JsonHandler(Supplier<JsonDocument> documents) {
    this.documents = documents;
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String method = exchange.getRequestMethod();
      boolean head = method.equals("HEAD");
      if (!head && !method.equals("GET")) {
        exchange.getResponseHeaders().set("Allow", "GET, HEAD");
        exchange.sendResponseHeaders(405, NO_BODY);
        return;
      }
      int status;
      byte[] body;
      try {
        JsonDocument document = documents.get();
        body = bytes(document);
        status = document.httpStatus();
      } catch (RuntimeException failure) {
        status = 500;
        body = bytes(json -> json.writeStringField("error", failure.toString()));
      }
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.getResponseHeaders().set("Cache-Control", "no-store");
      if (head) {
        exchange.getResponseHeaders().set("Content-Length", Integer.toString(body.length));
        exchange.sendResponseHeaders(status, NO_BODY);
      } else {
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
      }
    }
  }

  /**
   * A document as UTF-8 text.
   *
   * @param document what to write
   * @return one JSON object
   * @throws IOException never, for memory does not fail to take bytes
   */
  public static byte[] bytes(JsonDocument document) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(body)) {
      json.writeStartObject();
      document.writeFields(json);
      json.writeEndObject();
    }
    return body.toByteArray();
  }

  /**
   * A document as text.
   *
   * @param document what to write
   * @return one JSON object
   * @throws IOException never, for memory does not fail to take bytes
   */
  public static String text(JsonDocument document) throws IOException {
    return new String(bytes(document), StandardCharsets.UTF_8);
  }
}
