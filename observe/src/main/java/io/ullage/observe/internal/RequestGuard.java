package io.ullage.observe.internal;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Lets through only requests that are meant for this server and not larger than any that it could
 * need: 421 for another Host, 414 for a long path, 431 for much in the headers, 413 for a body.
 *
 * <p>A page of another site can make a browser send requests to a loopback address under a name of
 * its own (DNS rebinding); the Host header then carries that name.
 */
public final class RequestGuard extends Filter {
  /** Several times the longest path that is served, with a query that nobody reads. */
  static final int MOST_PATH_CHARACTERS = 2048;

  /** Twice what browsers send, cookies of other local servers included. */
  static final int MOST_HEADER_CHARACTERS = 16_384;

  private static final Set<String> LOCAL = Set.of("localhost", "127.0.0.1", "[::1]");
  private static final Pattern NAME_AND_PORT = Pattern.compile("(\\[[^\\]]*\\]|[^:]*)(?::\\d+)?");
  private static final int MISDIRECTED_REQUEST = 421;

  /** What is meant to have a body is refused for its method, by the handler. */
  private static final Set<String> READING = Set.of("GET", "HEAD");

  private final Set<String> hosts;

  /**
   * Makes a filter.
   *
   * @param furtherHosts the hosts to accept beside this machine's local names, in lower case
   */
  public RequestGuard(Set<String> furtherHosts) {
    Set<String> accepted = new HashSet<>(LOCAL);
    accepted.addAll(furtherHosts);
    this.hosts = Set.copyOf(accepted);
  }

  @Override
  public void doFilter(HttpExchange exchange, Chain chain) throws IOException {
    int refusal = refusal(exchange);
    if (refusal == 0) {
      chain.doFilter(exchange);
      return;
    }
    try (exchange) {
      // What is left of the request is not read; the connection ends with the answer.
      exchange.getResponseHeaders().set("Connection", "close");
      exchange.sendResponseHeaders(refusal, -1);
    }
  }

  private int refusal(HttpExchange exchange) {
    Headers headers = exchange.getRequestHeaders();
    if (!isAccepted(headers.get("Host"))) {
      return MISDIRECTED_REQUEST;
    }
    if (exchange.getRequestURI().toString().length() > MOST_PATH_CHARACTERS) {
      return 414;
    }
    if (characters(headers) > MOST_HEADER_CHARACTERS) {
      return 431;
    }
    return READING.contains(exchange.getRequestMethod()) && hasBody(headers) ? 413 : 0;
  }

  /** One Host header, for of two nobody knows which one an intermediary looked at. */
  private boolean isAccepted(@Nullable List<String> host) {
    if (host == null || host.size() != 1) {
      return false;
    }
    Matcher matcher = NAME_AND_PORT.matcher(host.getFirst());
    return matcher.matches() && hosts.contains(matcher.group(1).toLowerCase(Locale.ROOT));
  }

  private static long characters(Headers headers) {
    long characters = 0;
    for (Map.Entry<String, List<String>> header : headers.entrySet()) {
      for (String value : header.getValue()) {
        characters += header.getKey().length() + value.length();
      }
    }
    return characters;
  }

  private static boolean hasBody(Headers headers) {
    String length = headers.getFirst("Content-Length");
    return headers.containsKey("Transfer-Encoding") || (length != null && !length.equals("0"));
  }

  @Override
  public String description() {
    return "refuses requests for other hosts and requests that are too large";
  }
}
