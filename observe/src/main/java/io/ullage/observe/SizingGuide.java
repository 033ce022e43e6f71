package io.ullage.observe;

import io.ullage.core.bounds.VerifiedBounds;
import io.ullage.observe.internal.Content;
import io.ullage.observe.internal.SizingPage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * The sizing guide: an HTML page on which one changes settings and the grant, and sees every
 * expression, component and total follow, and whether it fits.
 *
 * <p>It is one file that needs no server and loads nothing from anywhere. Immutable, thread-safe;
 * making one costs some milliseconds.
 */
public final class SizingGuide {
  /** The page's own policy, plus what only a header can say: that no other page may frame it. */
  private static final Map<String, String> HEADERS =
      Map.of("Content-Security-Policy", "frame-ancestors 'none'", "Referrer-Policy", "no-referrer");

  private final byte[] html;

  private SizingGuide(byte[] html) {
    this.html = html;
  }

  /**
   * Makes the page.
   *
   * @param verified the bounds and the grant that it begins with
   * @return the page
   */
  public static SizingGuide of(VerifiedBounds verified) {
    try {
      return new SizingGuide(SizingPage.of(verified).getBytes(StandardCharsets.UTF_8));
    } catch (IOException incomplete) {
      throw new IllegalStateException(incomplete);
    }
  }

  /**
   * The page as text.
   *
   * @return HTML
   */
  public String html() {
    return new String(html, StandardCharsets.UTF_8);
  }

  /**
   * Writes the page to a file, in place of what was there.
   *
   * @param file where to
   * @throws IOException when it cannot be written
   */
  public void writeTo(Path file) throws IOException {
    Files.write(file, html);
  }

  Content content() {
    return new Content(200, "text/html; charset=utf-8", html, HEADERS);
  }
}
