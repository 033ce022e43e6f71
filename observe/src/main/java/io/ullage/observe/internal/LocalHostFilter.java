package io.ullage.observe.internal;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Answers 421 to a request for another host than this one.
 *
 * <p>A page of another site can make a browser send requests to a loopback address under a name of
 * its own (DNS rebinding); the Host header then carries that name.
 */
public final class LocalHostFilter extends Filter {
  private static final Set<String> ACCEPTED = Set.of("localhost", "127.0.0.1", "[::1]");
  private static final Pattern NAME_AND_PORT = Pattern.compile("(\\[[^\\]]*\\]|[^:]*)(?::\\d+)?");
  private static final int MISDIRECTED_REQUEST = 421;

  /** Makes a filter. */
  public LocalHostFilter() {}

  @Override
  public void doFilter(HttpExchange exchange, Chain chain) throws IOException {
    if (isAccepted(exchange.getRequestHeaders().getFirst("Host"))) {
      chain.doFilter(exchange);
      return;
    }
    try (exchange) {
      exchange.sendResponseHeaders(MISDIRECTED_REQUEST, -1);
    }
  }

  private static boolean isAccepted(@Nullable String host) {
    if (host == null) {
      return false;
    }
    Matcher matcher = NAME_AND_PORT.matcher(host);
    return matcher.matches() && ACCEPTED.contains(matcher.group(1).toLowerCase(Locale.ROOT));
  }

  @Override
  public String description() {
    return "refuses requests for other hosts";
  }
}
