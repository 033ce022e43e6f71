package io.ullage.observe.internal;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The files of the dashboard, from this jar. Only the names listed here can be asked for, so that
 * no path reaches anything else.
 */
public final class PageResources implements ContentSource {
  private static final String FOLDER = "/io/ullage/observe/ui/";
  private static final String PAGE = "dashboard.html";
  private static final String HTML = "text/html; charset=utf-8";
  private static final String SCRIPT = "text/javascript; charset=utf-8";
  private static final String STYLE = "text/css; charset=utf-8";

  /** Nothing but what this server itself serves is ever loaded, run or asked. */
  private static final Map<String, String> POLICY =
      Map.of(
          "Content-Security-Policy",
          "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src"
              + " 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
          "Referrer-Policy",
          "no-referrer");

  private static final Map<String, String> TYPES =
      Map.ofEntries(
          Map.entry("api.js", SCRIPT),
          Map.entry("charts.js", SCRIPT),
          Map.entry("components.js", SCRIPT),
          Map.entry("dashboard.css", STYLE),
          Map.entry("dom.js", SCRIPT),
          Map.entry("format.js", SCRIPT),
          Map.entry("history.js", SCRIPT),
          Map.entry("icon.svg", "image/svg+xml"),
          Map.entry("leases.js", SCRIPT),
          Map.entry("main.js", SCRIPT),
          Map.entry("queues.js", SCRIPT),
          Map.entry("theme.css", STYLE),
          Map.entry("theme.js", SCRIPT),
          Map.entry("totals.js", SCRIPT),
          Map.entry("uplot/LICENSE", "text/plain; charset=utf-8"),
          Map.entry("uplot/uPlot.iife.min.js", SCRIPT),
          Map.entry("uplot/uPlot.min.css", STYLE));

  private final String root;
  private final Map<String, byte[]> loaded = new ConcurrentHashMap<>();

  private PageResources(String root) {
    this.root = root;
  }

  /**
   * The page at a path, and its files below it in {@code ui/}.
   *
   * @param root the path of the page, ending with a slash
   * @return answers for both, and 404 for everything else
   */
  public static PageResources below(String root) {
    return new PageResources(root);
  }

  @Override
  public Content content(String path) throws IOException {
    if (path.equals(root)) {
      return new Content(200, HTML, bytes(PAGE), POLICY);
    }
    String name = path.startsWith(root + "ui/") ? path.substring(root.length() + 3) : "";
    String type = TYPES.get(name);
    return type == null
        ? Content.line(404, "nothing is here")
        : new Content(200, type, bytes(name), POLICY);
  }

  private byte[] bytes(String name) throws IOException {
    byte[] known = loaded.get(name);
    if (known == null) {
      known = read(name);
      loaded.put(name, known);
    }
    return known;
  }

  static byte[] read(String name) throws IOException {
    try (@Nullable InputStream file = PageResources.class.getResourceAsStream(FOLDER + name)) {
      if (file == null) {
        throw new IOException("the jar lacks " + FOLDER + name);
      }
      return file.readAllBytes();
    }
  }
}
