package io.ullage.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.ullage.core.ComponentRegistry;
import io.ullage.core.bounds.BoundsVerifier;
import io.ullage.core.bounds.ComponentBounds;
import io.ullage.core.bounds.MemoryGrant;
import io.ullage.core.bounds.VerificationMode;
import io.ullage.core.bounds.VerifiedBounds;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.NotBlank;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SizingGuideTest {
  @TempDir Path folder;

  static VerifiedBounds verified(String name) {
    ComponentBounds bounds =
        ComponentBounds.of(
            root -> root.subcomponent("source", source -> source.minimum().fixed(name, 1024)));
    return new BoundsVerifier(bounds, MemoryGrant.of(1 << 20)).verify(VerificationMode.OFF);
  }

  @Test
  void isOneFileThatLoadsNothing() throws Exception {
    Path file = folder.resolve("sizing.html");

    SizingGuide.of(verified("buffers")).writeTo(file);

    String html = Files.readString(file);
    assertThat(html)
        .doesNotContain("{{", "src=", "@import", "url(", "https://")
        .contains("\"limit_bytes\":\"1048576\"", "\"name\":\"buffers\"");
  }

  @Test
  void allowsItsOwnStyleAndScriptAndNothingElse() throws Exception {
    String html = SizingGuide.of(verified("buffers")).html();

    assertThat(html)
        .contains("default-src 'none'")
        .contains("style-src '" + hash(html, "<style>(.*?)</style>") + "'")
        .contains("script-src '" + hash(html, "<script type=\"module\">(.*?)</script>") + "'");
  }

  @Test
  void noNameEndsTheElementThatItStandsIn() {
    String html = SizingGuide.of(verified("</script><script>alert(1)</script>")).html();

    assertThat(html).doesNotContain("<script>alert").contains("\\u003c/script>");
  }

  @Property(tries = 100)
  void everyNameOfAnExpressionComesBackAsItWas(@ForAll @NotBlank String name) throws IOException {
    String html = SizingGuide.of(verified(name)).html();
    Matcher matcher =
        Pattern.compile("type=\"application/json\"[^>]*>(.*?)</script>", Pattern.DOTALL)
            .matcher(html);
    assertThat(matcher.find()).isTrue();

    Map<String, Object> bounds = Json.object(Json.object(matcher.group(1)), "bounds");

    assertThat(bounds.toString()).contains("name=" + name);
  }

  @Test
  void isServedWhereThereAreBounds() throws Exception {
    try (ComponentRegistry registry = ComponentRegistry.builder().withoutCounterFile().build();
        StatusServer bounded = StatusServer.builder(registry).bounds(verified("buffers")).start();
        StatusServer unbounded = StatusServer.builder(registry).start()) {
      RawHttp page = RawHttp.get(bounded.uri(), "/sizing");
      assertThat(page.status()).isEqualTo(200);
      assertThat(page.headers())
          .contains("frame-ancestors 'none'")
          .containsIgnoringCase("content-type: text/html");
      assertThat(page.body()).isEqualTo(SizingGuide.of(verified("buffers")).html());
      assertThat(RawHttp.get(unbounded.uri(), "/sizing").status()).isEqualTo(404);
    }
  }

  private static String hash(String html, String element) throws Exception {
    Matcher matcher = Pattern.compile(element, Pattern.DOTALL).matcher(html);
    assertThat(matcher.find()).isTrue();
    byte[] text = matcher.group(1).getBytes(StandardCharsets.UTF_8);
    return "sha256-"
        + Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-256").digest(text));
  }
}
