package io.ullage.observe;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.ullage.core.ComponentRegistry;
import io.ullage.core.bounds.VerifiedBounds;
import io.ullage.observe.internal.RequestGuard;
import io.ullage.observe.internal.RequestThreads;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Serves the status of one program over HTTP, read-only, on the loopback address unless told
 * otherwise.
 *
 * <p>{@code GET /memory/status}, {@code /memory/bounds}, {@code /queues}, {@code /leases}, {@code
 * /pools} and {@code /health} answer {@code application/json}, {@code /metrics} answers Prometheus
 * text, {@code /} is a dashboard and {@code /sizing} the sizing guide. Requests whose Host header
 * names another host than this one are answered with 421.
 *
 * <p>Each request runs on a virtual thread and has ten seconds in all, so that slow clients hold
 * nothing for longer; of more than 64 at once the later ones find their connection closed.
 * Connections on which nothing is sent are closed by the JDK's server after half a minute; how many
 * may be open is its property {@code jdk.httpserver.maxConnections}, for all servers of the
 * process.
 *
 * <p>{@link #close()} ends the server and its threads.
 */
public final class StatusServer implements AutoCloseable {
  private static final int MAX_PORT = 65_535;

  /** A browser opens six connections; this is ten of them. */
  private static final int DEFAULT_MAX_REQUESTS = 64;

  /** A response is some kilobytes and made in milliseconds; the rest is for a bad line. */
  private static final Duration DEFAULT_REQUEST_TIMEOUT = Duration.ofSeconds(10);

  /**
   * Read by the JDK when the first server of a process is made. Without it a response in two
   * packets waits about 40 ms for the acknowledgement of the first.
   */
  private static final String NO_DELAY = "sun.net.httpserver.nodelay";

  private final HttpServer server;
  private final RequestThreads requests;

  private StatusServer(HttpServer server, RequestThreads requests) {
    this.server = server;
    this.requests = requests;
  }

  /**
   * Prepares a server.
   *
   * @param registry whose status is served; it must stay open as long as the server
   * @return options with their defaults
   */
  public static Builder builder(ComponentRegistry registry) {
    return new Builder(registry);
  }

  /** The options of a server. Not thread-safe. */
  public static final class Builder {
    private final ComponentRegistry registry;
    private final Set<String> hosts = new TreeSet<>();
    private InetAddress address = InetAddress.getLoopbackAddress();
    private int port;
    private int maxRequests = DEFAULT_MAX_REQUESTS;
    private Duration requestTimeout = DEFAULT_REQUEST_TIMEOUT;
    private @Nullable VerifiedBounds bounds;

    private Builder(ComponentRegistry registry) {
      this.registry = registry;
    }

    /**
     * Sets the address to listen on. Whoever reaches it can read the status: nothing asks who they
     * are.
     *
     * @param listenAddress the address, the loopback address by default
     * @return this
     */
    public Builder address(InetAddress listenAddress) {
      this.address = listenAddress;
      return this;
    }

    /**
     * Accepts requests for one more host, beside {@code localhost}, {@code 127.0.0.1} and {@code
     * [::1]}.
     *
     * @param host a name or a literal address as it stands in the Host header, without the port
     * @return this
     * @throws IllegalArgumentException when it is blank
     */
    public Builder acceptHost(String host) {
      if (host.isBlank()) {
        throw new IllegalArgumentException("host is blank, allowed are names and addresses");
      }
      hosts.add(host.toLowerCase(Locale.ROOT));
      return this;
    }

    /**
     * Sets the port.
     *
     * @param port the port, 0 (the default) for one that the system chooses
     * @return this
     * @throws IllegalArgumentException when it is not in [0, 65535]
     */
    public Builder port(int port) {
      if (port < 0 || port > MAX_PORT) {
        throw new IllegalArgumentException("port is " + port + ", allowed is 0 to " + MAX_PORT);
      }
      this.port = port;
      return this;
    }

    /**
     * Sets how many requests may be under way.
     *
     * @param requests at least 1, 64 by default
     * @return this
     * @throws IllegalArgumentException when it is below 1
     */
    public Builder maxRequests(int requests) {
      if (requests < 1) {
        throw new IllegalArgumentException("requests is " + requests + ", allowed are 1 and more");
      }
      this.maxRequests = requests;
      return this;
    }

    /**
     * Sets how long one request may take, from its first byte to the last of its response.
     *
     * @param timeout above zero, ten seconds by default
     * @return this
     * @throws IllegalArgumentException when it is not above zero
     */
    public Builder requestTimeout(Duration timeout) {
      if (!timeout.isPositive()) {
        throw new IllegalArgumentException(
            "timeout is " + timeout + ", allowed are durations above zero");
      }
      this.requestTimeout = timeout;
      return this;
    }

    /**
     * Sets what the components are bound to; without it the status names no bounds, and {@code
     * /memory/bounds} and {@code /sizing} answer 404.
     *
     * @param bounds the verified bounds
     * @return this
     */
    public Builder bounds(VerifiedBounds bounds) {
      this.bounds = bounds;
      return this;
    }

    /**
     * Starts the server; it answers when this method returns.
     *
     * @return the running server
     * @throws IOException when the port cannot be had
     */
    public StatusServer start() throws IOException {
      return StatusServer.start(this);
    }
  }

  private static StatusServer start(Builder options) throws IOException {
    if (System.getProperty(NO_DELAY) == null) {
      System.setProperty(NO_DELAY, "true");
    }
    HttpServer server = HttpServer.create(new InetSocketAddress(options.address, options.port), 0);
    RequestThreads requests = new RequestThreads(options.maxRequests, options.requestTimeout);
    server.setExecutor(requests);
    RequestGuard guard = new RequestGuard(options.hosts);
    ComponentRegistry registry = options.registry;
    VerifiedBounds bounds = options.bounds;
    if (bounds == null) {
      mount(server, guard, "/memory/status", StatusHandlers.memoryStatus(registry));
    } else {
      mount(server, guard, "/memory/status", StatusHandlers.memoryStatus(registry, bounds));
      mount(server, guard, "/memory/bounds", StatusHandlers.memoryBounds(bounds.bounds()));
      mount(server, guard, "/sizing", StatusHandlers.sizing(bounds));
    }
    mount(server, guard, "/queues", StatusHandlers.queues(registry));
    mount(server, guard, "/leases", StatusHandlers.leases(registry));
    mount(server, guard, "/pools", StatusHandlers.pools(registry));
    mount(server, guard, "/health", StatusHandlers.health(registry));
    mount(server, guard, "/metrics", StatusHandlers.metrics(registry));
    server.createContext("/", StatusHandlers.dashboard("/")).getFilters().add(guard);
    startOnDaemon(server);
    return new StatusServer(server, requests);
  }

  /** The server's dispatcher is a daemon only if the thread that starts it is one. */
  private static void startOnDaemon(HttpServer server) throws IOException {
    Thread starter = Thread.ofPlatform().daemon().name("ullage-status-start").start(server::start);
    try {
      starter.join();
    } catch (InterruptedException interrupted) {
      server.stop(0);
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while starting the status server");
    }
  }

  private static void mount(
      HttpServer server, RequestGuard guard, String path, HttpHandler handler) {
    server
        .createContext(
            path,
            exchange -> {
              if (exchange.getRequestURI().getPath().equals(path)) {
                handler.handle(exchange);
              } else {
                // A context also gets what lies below its path; there is nothing.
                try (exchange) {
                  exchange.sendResponseHeaders(404, -1);
                }
              }
            })
        .getFilters()
        .add(guard);
  }

  /**
   * Where the server answers.
   *
   * @return its address and port, with the path {@code /}
   */
  public URI uri() {
    InetAddress address = server.getAddress().getAddress();
    boolean local = address.isLoopbackAddress() || address.isAnyLocalAddress();
    String literal = address.getHostAddress();
    String host = local ? "localhost" : literal.contains(":") ? "[" + literal + "]" : literal;
    return URI.create("http://" + host + ":" + server.getAddress().getPort() + "/");
  }

  /** Ends the server at once; requests under way are cut off. Closing it twice is harmless. */
  @Override
  public void close() {
    server.stop(0);
    requests.close();
  }
}
