package io.ullage.lease.redis;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where a {@link RedisLeaseStore} is and how it asks. Immutable; what is not given has a default.
 *
 * @param host name or address of the server
 * @param port its port
 * @param database its database, 0 unless set
 * @param prefix the namespace: stores of one prefix exclude one another, those of others never
 *     meet. All is kept in one hash, {@code PREFIX:leases}, and told about on one channel, {@code
 *     PREFIX:leases:freed}
 * @param user whom to authenticate as, or null for the default user
 * @param password its password, or null for none; never part of a message
 * @param tls whether to speak TLS; the server's certificate must be of that host
 * @param certificates a PEM file of authorities to trust instead of the JVM's, or null
 * @param requestTimeout how long a request may take at most. One about a lease of a short TTL takes
 *     less: nine tenths of the margin (a tenth of the TTL, at least 5 ms), so that a renewal that
 *     is not answered has failed, and may be tried again, before the lease is lost
 * @param replicas how many replicas must have an acquisition or a renewal before it counts, 0 for
 *     none
 * @param replicaTimeout how long to wait for them, below the request timeout
 */
public record RedisLeaseOptions(
    String host,
    int port,
    int database,
    String prefix,
    @Nullable String user,
    @Nullable String password,
    boolean tls,
    @Nullable Path certificates,
    Duration requestTimeout,
    int replicas,
    Duration replicaTimeout) {
  /** Redis's own port. */
  public static final int DEFAULT_PORT = 6379;

  /** The prefix unless one is given. */
  public static final String DEFAULT_PREFIX = "ullage";

  /**
   * A server in reach answers within milliseconds; one that has not by then is better asked anew.
   */
  public static final Duration DEFAULT_REQUEST_TIMEOUT = Duration.ofSeconds(1);

  /** Longer than a program may stand still for a question. */
  private static final Duration LONGEST_TIMEOUT = Duration.ofMinutes(1);

  /** Longer names only cost memory and time with every request. */
  private static final int PREFIX_LENGTH = 200;

  private static final int PORTS = 65_535;
  private static final int MOST_REPLICAS = 100;

  /** Checks its arguments. */
  public RedisLeaseOptions {
    require(!host.isBlank(), "host", host, "a name or an address");
    require(port >= 1 && port <= PORTS, "port", port, "1 to 65535");
    require(database >= 0, "database", database, "0 and above");
    require(
        !prefix.isEmpty()
            && prefix.length() <= PREFIX_LENGTH
            && prefix.chars().noneMatch(Character::isISOControl),
        "prefix",
        prefix,
        "1 to 200 printable characters");
    require(
        requestTimeout.compareTo(Duration.ofMillis(1)) >= 0
            && requestTimeout.compareTo(LONGEST_TIMEOUT) <= 0,
        "requestTimeout",
        requestTimeout,
        "1 ms to 1 minute");
    require(
        replicas >= 0 && replicas <= MOST_REPLICAS, "replicas", replicas, "0 to " + MOST_REPLICAS);
    require(
        replicas == 0
            || (replicaTimeout.compareTo(Duration.ofMillis(1)) >= 0
                && replicaTimeout.compareTo(requestTimeout) < 0),
        "replicaTimeout",
        replicaTimeout,
        "1 ms and above, below the request timeout of " + requestTimeout.toMillis() + " ms");
    require(
        certificates == null || tls,
        "certificates",
        String.valueOf(certificates),
        "only with TLS (rediss)");
  }

  private static void require(boolean holds, String name, Object value, String allowed) {
    if (!holds) {
      throw new IllegalArgumentException(name + ": " + value + "; allowed: " + allowed);
    }
  }

  /**
   * A server without TLS and password.
   *
   * @param host name or address
   * @param port its port
   * @return options with defaults
   */
  public static RedisLeaseOptions of(String host, int port) {
    return new OptionsDraft(host, port).done();
  }

  /**
   * Reads {@code redis://[[USER]:PASSWORD@]HOST[:PORT][/PREFIX][?OPTION=VALUE&...]}; {@code rediss}
   * is TLS. Options: {@code timeout}, {@code replicas}, {@code replicaTimeout} (half the timeout
   * unless given), {@code database}, {@code ca} (a PEM file). Durations are like {@code 500ms} or
   * {@code 2s}. What has a meaning in URIs is percent-encoded, in passwords too.
   *
   * @param location the URI
   * @return its options
   * @throws IllegalArgumentException naming what is wrong, without the password
   */
  public static RedisLeaseOptions parse(URI location) {
    return new RedisUri(location).options();
  }

  /**
   * The same in another namespace.
   *
   * @param value see {@link #prefix}
   * @return a copy
   */
  public RedisLeaseOptions withPrefix(String value) {
    OptionsDraft draft = new OptionsDraft(this);
    draft.prefix = value;
    return draft.done();
  }

  /**
   * The same in another database of the server.
   *
   * @param value see {@link #database}
   * @return a copy
   */
  public RedisLeaseOptions withDatabase(int value) {
    OptionsDraft draft = new OptionsDraft(this);
    draft.database = value;
    return draft.done();
  }

  /**
   * The same with a user and a password.
   *
   * @param name the user, or null for the default one
   * @param secret the password, or null for none
   * @return a copy
   */
  public RedisLeaseOptions withCredentials(@Nullable String name, @Nullable String secret) {
    OptionsDraft draft = new OptionsDraft(this);
    draft.user = name;
    draft.password = secret;
    return draft.done();
  }

  /**
   * The same over TLS.
   *
   * @param trusted see {@link #certificates}
   * @return a copy
   */
  public RedisLeaseOptions withTls(@Nullable Path trusted) {
    OptionsDraft draft = new OptionsDraft(this);
    draft.tls = true;
    draft.certificates = trusted;
    return draft.done();
  }

  /**
   * The same with another limit for each request.
   *
   * @param value see {@link #requestTimeout}; 1 s unless set
   * @return a copy
   */
  public RedisLeaseOptions withRequestTimeout(Duration value) {
    OptionsDraft draft = new OptionsDraft(this);
    draft.requestTimeout = value;
    return draft.done();
  }

  /**
   * The same, waiting for replicas: an acquisition or a renewal that fewer than {@code count} of
   * them confirmed in time fails with {@link io.ullage.lease.StoreFault#NOT_READY}, and a key that
   * was acquired so is given back. This makes it unlikely, not impossible, that a failover forgets
   * a lease: a replica that did not confirm may still be promoted.
   *
   * @param count how many
   * @param timeout for how long
   * @return a copy
   */
  public RedisLeaseOptions withReplicas(int count, Duration timeout) {
    OptionsDraft draft = new OptionsDraft(this);
    draft.replicas = count;
    draft.replicaTimeout = timeout;
    return draft.done();
  }

  /** Where it is, without user and password. */
  String location() {
    String name = host.indexOf(':') < 0 ? host : "[" + host + "]";
    return (tls ? "rediss://" : "redis://") + name + ":" + port + "/" + prefix;
  }

  /** Without user and password. */
  @Override
  public String toString() {
    return "RedisLeaseOptions[" + location() + "]";
  }
}
