package io.ullage.observe;

import com.sun.net.httpserver.HttpHandler;
import io.ullage.core.ComponentRegistry;
import io.ullage.core.bounds.ComponentBounds;
import io.ullage.core.bounds.VerifiedBounds;
import io.ullage.observe.internal.HealthDocument;
import io.ullage.observe.internal.JsonHandler;
import io.ullage.observe.internal.MapDocument;
import io.ullage.observe.internal.MemoryStatusDocument;
import io.ullage.observe.internal.SourcesDocument;

/**
 * The handlers of {@link StatusServer}, to be mounted in a server of your own.
 *
 * <p>Each answers GET and HEAD with {@code application/json} and anything else with 405, changes
 * nothing, and is thread-safe. The figures are taken anew for each request; that costs about a
 * snapshot of the registry. Who may ask is up to your server: the handlers do not look at the Host
 * header.
 */
public final class StatusHandlers {
  private StatusHandlers() {}

  /**
   * {@code /memory/status}: every component, itself and with all below it.
   *
   * @param registry whose components
   * @return the handler
   */
  public static HttpHandler memoryStatus(ComponentRegistry registry) {
    return new JsonHandler(() -> MemoryStatusDocument.of(registry, null));
  }

  /**
   * {@code /memory/status} with what each component is bound to.
   *
   * @param registry whose components
   * @param verified their bounds
   * @return the handler
   */
  public static HttpHandler memoryStatus(ComponentRegistry registry, VerifiedBounds verified) {
    return new JsonHandler(() -> MemoryStatusDocument.of(registry, verified));
  }

  /**
   * {@code /memory/bounds}: every component's minimum and firm bound as a tree of expressions.
   *
   * @param bounds the bounds of the root
   * @return the handler
   */
  public static HttpHandler memoryBounds(ComponentBounds bounds) {
    return new JsonHandler(() -> new MapDocument(bounds.toTree()));
  }

  /**
   * {@code /queues}: the state of every registered queue.
   *
   * @param registry where the queues are registered
   * @return the handler
   */
  public static HttpHandler queues(ComponentRegistry registry) {
    return new JsonHandler(() -> SourcesDocument.of(registry, "queue", "queues"));
  }

  /**
   * {@code /leases}: the leases that this program holds.
   *
   * @param registry where the lease managers are registered
   * @return the handler
   */
  public static HttpHandler leases(ComponentRegistry registry) {
    return new JsonHandler(() -> SourcesDocument.of(registry, "lease", "leases"));
  }

  /**
   * {@code /health}: 200 when no status source reports a problem, else 503 with the reasons.
   *
   * @param registry where the sources are registered
   * @return the handler
   */
  public static HttpHandler health(ComponentRegistry registry) {
    return new JsonHandler(() -> HealthDocument.of(registry));
  }
}
