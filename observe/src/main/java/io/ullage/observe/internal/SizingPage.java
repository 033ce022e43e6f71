package io.ullage.observe.internal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import io.ullage.core.bounds.VerifiedBounds;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Makes the sizing guide: one HTML file with its styles, its script and the bounds in it.
 *
 * <p>Its policy, in the page itself and so also in a saved copy, names the hashes of that one style
 * and that one script and allows nothing else.
 */
public final class SizingPage {
  /** JavaScript would round numbers above 2^53. */
  private static final JsonFactory JSON =
      JsonFactory.builder().enable(JsonWriteFeature.WRITE_NUMBERS_AS_STRINGS).build();

  private static final List<String> SCRIPTS = List.of("format.js", "expressions.js", "sizing.js");
  private static final List<String> STYLES = List.of("theme.css", "sizing.css");

  private SizingPage() {}

  /**
   * Makes the page.
   *
   * @param verified the bounds and the grant that it begins with
   * @return its text
   * @throws IOException when a part of it is missing in the jar
   */
  public static String of(VerifiedBounds verified) throws IOException {
    String style = STYLES.stream().map(SizingPage::text).collect(Collectors.joining("\n"));
    String script = SCRIPTS.stream().map(SizingPage::script).collect(Collectors.joining("\n"));
    return text("sizing.html")
        .replace("{{STYLE_HASH}}", hash(style))
        .replace("{{SCRIPT_HASH}}", hash(script))
        .replace("{{STYLE}}", style)
        .replace("{{BOUNDS}}", bounds(verified))
        .replace("{{SCRIPT}}", script);
  }

  /** A module as a part of one script: its imports are in the same script, its exports too. */
  private static String script(String name) {
    return text(name)
        .lines()
        .filter(line -> !line.startsWith("import "))
        .map(line -> line.startsWith("export ") ? line.substring("export ".length()) : line)
        .collect(Collectors.joining("\n"));
  }

  private static String text(String name) {
    try {
      return new String(PageResources.read(name), StandardCharsets.UTF_8);
    } catch (IOException missing) {
      throw new IllegalStateException(missing);
    }
  }

  private static String hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return "sha256-" + Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static String bounds(VerifiedBounds verified) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      json.writeNumberField("limit_bytes", verified.grant().initialLimitBytes());
      json.writeNumberField("slop", verified.grant().slop());
      json.writeFieldName("bounds");
      JsonValues.write(json, verified.bounds().toTree());
      json.writeEndObject();
    }
    // Else a name could end the element that the text stands in.
    return text.toString().replace("<", "\\u003c");
  }
}
