package io.ullage.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ullage.core.ComponentRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DashboardTest {
  private static final Path FILES = Path.of("src/main/resources/io/ullage/observe/ui");

  private ComponentRegistry registry;
  private StatusServer server;

  @BeforeEach
  void start() throws IOException {
    registry = ComponentRegistry.builder().withoutCounterFile().build();
    server = StatusServer.builder(registry).start();
  }

  @AfterEach
  void stop() {
    server.close();
    registry.close();
  }

  @Test
  void allowsNothingFromAnywhereElse() throws IOException {
    RawHttp page = RawHttp.get(server.uri(), "/");

    assertThat(page.status()).isEqualTo(200);
    assertThat(page.headers())
        .contains("default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'");
  }

  @Test
  void servesEveryFileThatThePageAndItsScriptsName() throws IOException {
    Pattern named = Pattern.compile("(?:src|href)=\"(ui/[^\"]+)\"");
    List<String> files =
        named
            .matcher(RawHttp.get(server.uri(), "/").body())
            .results()
            .map((MatchResult result) -> result.group(1))
            .toList();
    assertThat(files).hasSizeGreaterThan(5);
    for (String file : files) {
      assertThat(RawHttp.get(server.uri(), "/" + file).status()).as(file).isEqualTo(200);
    }
    Pattern imported = Pattern.compile("from '\\./([^']+)'");
    try (Stream<Path> scripts = Files.list(FILES)) {
      for (Path script : scripts.filter(file -> file.toString().endsWith(".js")).toList()) {
        if (script.endsWith("sizing.js")) {
          continue; // Packed into its page.
        }
        for (MatchResult result : imported.matcher(Files.readString(script)).results().toList()) {
          assertThat(RawHttp.get(server.uri(), "/ui/" + result.group(1)).status())
              .as("%s from %s", result.group(1), script)
              .isEqualTo(200);
        }
      }
    }
  }

  @Test
  void saysWhatMissesWhereNoPathEndsWithASlash() {
    assertThatThrownBy(() -> StatusHandlers.dashboard("/status"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("path is '/status', allowed are paths that begin and end with a slash");
  }
}
