package io.ullage.observe.internal;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;

/**
 * Answers GET and HEAD with content made for each request, everything else with 405.
 *
 * <p>The content is made in memory first, so that what fails half-way becomes a 500 and never half
 * an answer. No answer is kept by a cache, taken for another type than it says, or shown in a frame
 * of another site.
 */
public final class ReadOnlyHandler implements HttpHandler {
  private static final long NO_BODY = -1;

  private final ContentSource source;

  /**
   * Makes a handler.
   *
   * @param source makes the content of one response
   */
  public ReadOnlyHandler(ContentSource source) {
    this.source = source;
  }

  /**
   * Makes a handler of JSON documents.
   *
   * @param documents makes the document of one response
   * @return the handler
   */
  public static ReadOnlyHandler json(JsonSource documents) {
    return new ReadOnlyHandler(path -> JsonText.content(documents.document()));
  }

  /** Makes the document of one response. */
  @FunctionalInterface
  public interface JsonSource {
    /**
     * Makes it.
     *
     * @return the document
     */
    JsonDocument document();
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      Headers headers = exchange.getResponseHeaders();
      headers.set("Cache-Control", "no-store");
      headers.set("X-Content-Type-Options", "nosniff");
      headers.set("Cross-Origin-Resource-Policy", "same-origin");
      String method = exchange.getRequestMethod();
      boolean head = method.equals("HEAD");
      if (!head && !method.equals("GET")) {
        headers.set("Allow", "GET, HEAD");
        exchange.sendResponseHeaders(405, NO_BODY);
        return;
      }
      Content content = content(exchange.getRequestURI().getPath());
      headers.set("Content-Type", content.type());
      content.headers().forEach(headers::set);
      if (head) {
        headers.set("Content-Length", Integer.toString(content.body().length));
        exchange.sendResponseHeaders(content.status(), NO_BODY);
      } else {
        exchange.sendResponseHeaders(content.status(), content.body().length);
        exchange.getResponseBody().write(content.body());
      }
    }
  }

  private Content content(String path) throws IOException {
    try {
      return source.content(path);
    } catch (RuntimeException failure) {
      return JsonText.failure(failure);
    }
  }
}
