package io.ullage.lease.redis;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the URI of a store. No message has any part of what stands before the host. */
final class RedisUri {
  private static final Set<String> OPTIONS =
      new TreeSet<>(Set.of("ca", "database", "replicaTimeout", "replicas", "timeout"));
  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m)");

  private final URI location;
  private final TreeMap<String, String> given = new TreeMap<>();

  RedisUri(URI location) {
    this.location = location;
    String query = location.getRawQuery();
    if (query == null || query.isEmpty()) {
      return;
    }
    for (String part : query.split("&", -1)) {
      int equals = part.indexOf('=');
      String name = equals < 0 ? part : part.substring(0, equals);
      if (!OPTIONS.contains(name)) {
        throw new IllegalArgumentException(
            "option: " + name + "; allowed: " + String.join(", ", OPTIONS));
      }
      given.put(name, equals < 0 ? "" : decoded(part.substring(equals + 1)));
    }
  }

  RedisLeaseOptions options() {
    String host = location.getHost();
    if (host == null) {
      throw new IllegalArgumentException(
          "location: names no host; allowed: redis://[[USER]:PASSWORD@]HOST[:PORT][/PREFIX], with"
              + " what has a meaning in URIs percent-encoded");
    }
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    OptionsDraft options =
        new OptionsDraft(
            bracketed ? host.substring(1, host.length() - 1) : host,
            location.getPort() < 0 ? RedisLeaseOptions.DEFAULT_PORT : location.getPort());
    String path = location.getRawPath();
    if (path != null && path.length() > 1) {
      options.prefix = decoded(path.substring(1));
    }
    String authorities = given.get("ca");
    options.tls = "rediss".equalsIgnoreCase(location.getScheme());
    options.certificates = authorities == null ? null : Path.of(authorities);
    options.user = credential(true);
    options.password = credential(false);
    options.database = number("database");
    options.requestTimeout = duration("timeout", RedisLeaseOptions.DEFAULT_REQUEST_TIMEOUT);
    options.replicas = number("replicas");
    options.replicaTimeout =
        duration(
            "replicaTimeout",
            options.replicas == 0 ? Duration.ZERO : options.requestTimeout.dividedBy(2));
    return options.done();
  }

  private @Nullable String credential(boolean wantsUser) {
    String information = location.getRawUserInfo();
    if (information == null) {
      return null;
    }
    int colon = information.indexOf(':');
    String user = colon < 0 ? information : information.substring(0, colon);
    String part = wantsUser ? user : colon < 0 ? "" : information.substring(colon + 1);
    return part.isEmpty() ? null : decoded(part);
  }

  private int number(String name) {
    String text = given.getOrDefault(name, "0");
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(name + ": " + text + "; allowed: a whole number", e);
    }
  }

  private Duration duration(String name, Duration otherwise) {
    String text = given.get(name);
    if (text == null) {
      return otherwise;
    }
    Matcher matcher = DURATION.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(name + ": " + text + "; allowed: like 500ms or 2s");
    }
    long amount = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "ms" -> Duration.ofMillis(amount);
      case "s" -> Duration.ofSeconds(amount);
      default -> Duration.ofMinutes(amount);
    };
  }

  /** A plus sign is one, other than in forms. */
  private static String decoded(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }
}
