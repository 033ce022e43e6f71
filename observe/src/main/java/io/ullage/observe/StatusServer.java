package io.ullage.observe;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.ullage.core.ComponentRegistry;
import io.ullage.core.bounds.VerifiedBounds;
import io.ullage.observe.internal.LocalHostFilter;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * Serves the status of one program over HTTP, read-only, on the loopback address.
 *
 * <p>{@code GET /memory/status}, {@code /memory/bounds}, {@code /queues}, {@code /leases} and
 * {@code /health} answer {@code application/json}. Requests whose Host header names another host
 * than this one are answered with 421. Each request runs on a virtual thread. {@link #close()} ends
 * the server and its threads.
 */
public final class StatusServer implements AutoCloseable {
  private static final int MAX_PORT = 65_535;

  private final HttpServer server;
  private final ExecutorService requests;

  private StatusServer(HttpServer server, ExecutorService requests) {
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
    private int port;
    private @Nullable VerifiedBounds bounds;

    private Builder(ComponentRegistry registry) {
      this.registry = registry;
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
     * Sets what the components are bound to; without it the status names no bounds, and {@code
     * /memory/bounds} answers 404.
     *
     * @param bounds the verified bounds
     * @return this
     */
    public Builder bounds(VerifiedBounds bounds) {
      this.bounds = bounds;
      return this;
    }

    /**
     * Starts the server on the loopback address; it answers when this method returns.
     *
     * @return the running server
     * @throws IOException when the port cannot be had
     */
    public StatusServer start() throws IOException {
      return StatusServer.start(registry, port, bounds);
    }
  }

  private static StatusServer start(
      ComponentRegistry registry, int port, @Nullable VerifiedBounds bounds) throws IOException {
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    HttpServer server = HttpServer.create(address, 0);
    ExecutorService requests =
        Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("ullage-status-request-", 0).factory());
    server.setExecutor(requests);
    if (bounds == null) {
      mount(server, "/memory/status", StatusHandlers.memoryStatus(registry));
    } else {
      mount(server, "/memory/status", StatusHandlers.memoryStatus(registry, bounds));
      mount(server, "/memory/bounds", StatusHandlers.memoryBounds(bounds.bounds()));
    }
    mount(server, "/queues", StatusHandlers.queues(registry));
    mount(server, "/leases", StatusHandlers.leases(registry));
    mount(server, "/health", StatusHandlers.health(registry));
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

  private static void mount(HttpServer server, String path, HttpHandler handler) {
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
        .add(new LocalHostFilter());
  }

  /**
   * Where the server answers.
   *
   * @return its address and port, with the path {@code /}
   */
  public URI uri() {
    InetSocketAddress address = server.getAddress();
    return URI.create("http://localhost:" + address.getPort() + "/");
  }

  /** Ends the server at once; requests under way are cut off. Closing it twice is harmless. */
  @Override
  public void close() {
    server.stop(0);
    requests.shutdownNow();
  }
}
