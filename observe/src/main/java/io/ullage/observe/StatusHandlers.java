package io.ullage.observe;

import com.sun.net.httpserver.HttpHandler;
import io.ullage.core.ComponentRegistry;
import io.ullage.core.bounds.ComponentBounds;
import io.ullage.core.bounds.VerifiedBounds;
import io.ullage.observe.internal.HealthDocument;
import io.ullage.observe.internal.MapDocument;
import io.ullage.observe.internal.MemoryStatusDocument;
import io.ullage.observe.internal.Metrics;
import io.ullage.observe.internal.PageResources;
import io.ullage.observe.internal.ReadOnlyHandler;
import io.ullage.observe.internal.SourcesDocument;

/**
 * The handlers of {@link StatusServer}, to be mounted in a server of your own.
 *
 * <p>Each answers GET and HEAD and anything else with 405, changes nothing, and is thread-safe.
 * What is not said to be otherwise is {@code application/json}. The figures are taken anew for each
 * request; that costs about a snapshot of the registry. Who may ask is up to your server: the
 * handlers do not look at the Host header.
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
    return ReadOnlyHandler.json(() -> MemoryStatusDocument.of(registry, null));
  }

  /**
   * {@code /memory/status} with what each component is bound to.
   *
   * @param registry whose components
   * @param verified their bounds
   * @return the handler
   */
  public static HttpHandler memoryStatus(ComponentRegistry registry, VerifiedBounds verified) {
    return ReadOnlyHandler.json(() -> MemoryStatusDocument.of(registry, verified));
  }

  /**
   * {@code /memory/bounds}: every component's minimum and firm bound as a tree of expressions.
   *
   * @param bounds the bounds of the root
   * @return the handler
   */
  public static HttpHandler memoryBounds(ComponentBounds bounds) {
    return ReadOnlyHandler.json(() -> new MapDocument(bounds.toTree()));
  }

  /**
   * {@code /queues}: the state of every registered queue.
   *
   * @param registry where the queues are registered
   * @return the handler
   */
  public static HttpHandler queues(ComponentRegistry registry) {
    return ReadOnlyHandler.json(() -> SourcesDocument.of(registry, "queue", "queues"));
  }

  /**
   * {@code /leases}: the leases that this program holds.
   *
   * @param registry where the lease managers are registered
   * @return the handler
   */
  public static HttpHandler leases(ComponentRegistry registry) {
    return ReadOnlyHandler.json(() -> SourcesDocument.of(registry, "lease", "leases"));
  }

  /**
   * {@code /health}: 200 when no status source reports a problem, else 503 with the reasons.
   *
   * @param registry where the sources are registered
   * @return the handler
   */
  public static HttpHandler health(ComponentRegistry registry) {
    return ReadOnlyHandler.json(() -> HealthDocument.of(registry));
  }

  /**
   * {@code /pools}: what every registered pool has committed, what is its own, and its leaks.
   *
   * @param registry where the pools are registered
   * @return the handler
   */
  public static HttpHandler pools(ComponentRegistry registry) {
    return ReadOnlyHandler.json(() -> SourcesDocument.of(registry, "pool", "pools"));
  }

  /**
   * {@code /metrics}: everything as Prometheus text. Needs {@code micrometer-registry-prometheus};
   * without it the handler answers 404 and says so.
   *
   * @param registry whose metrics
   * @return the handler
   */
  public static HttpHandler metrics(ComponentRegistry registry) {
    return new ReadOnlyHandler(Metrics.of(registry));
  }

  /**
   * The dashboard: an HTML page that asks the other handlers, beside it, once a second. Mount it
   * where a path ends with a slash; it also answers for the scripts and styles in {@code ui/}.
   *
   * @param path where it is mounted, ending with a slash
   * @return the handler
   * @throws IllegalArgumentException when the path does not begin and end with a slash
   */
  public static HttpHandler dashboard(String path) {
    if (!path.startsWith("/") || !path.endsWith("/")) {
      throw new IllegalArgumentException(
          "path is '" + path + "', allowed are paths that begin and end with a slash");
    }
    return new ReadOnlyHandler(PageResources.below(path));
  }

  /**
   * {@code /sizing}: the sizing guide, an HTML page.
   *
   * @param verified the bounds and the grant that it begins with
   * @return the handler
   */
  public static HttpHandler sizing(VerifiedBounds verified) {
    SizingGuide guide = SizingGuide.of(verified);
    return new ReadOnlyHandler(path -> guide.content());
  }
}
