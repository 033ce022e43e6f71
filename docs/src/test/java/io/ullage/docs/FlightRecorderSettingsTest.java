package io.ullage.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import jdk.jfr.Configuration;
import org.junit.jupiter.api.Test;

/** {@code ullage.jfc} and the table of events know every event that there is. */
class FlightRecorderSettingsTest {
  private static final Path ROOT =
      Objects.requireNonNull(Path.of("").toAbsolutePath().getParent(), "the folder of the project");
  private static final Pattern EVENT = Pattern.compile("@Name\\(\"(io\\.ullage\\.\\w+)\"\\)");

  @Test
  void turnEveryEventOnAndDescribeIt() throws Exception {
    Configuration settings = Configuration.create(ROOT.resolve("ullage.jfc"));
    String guide = Files.readString(ROOT.resolve("docs/guide/jfr.md"));
    Set<String> events = events();
    assertThat(events).hasSizeGreaterThan(10);
    for (String event : events) {
      assertThat(settings.getSettings()).containsEntry(event + "#enabled", "true");
      assertThat(guide).contains("| `" + event + "` |");
    }
  }

  private static Set<String> events() throws IOException {
    Set<String> events = new TreeSet<>();
    try (Stream<Path> files = Files.walk(ROOT)) {
      for (Path file : files.filter(FlightRecorderSettingsTest::isSource).toList()) {
        Matcher matcher = EVENT.matcher(Files.readString(file));
        while (matcher.find()) {
          events.add(matcher.group(1));
        }
      }
    }
    return events;
  }

  private static boolean isSource(Path file) {
    String path = ROOT.relativize(file).toString();
    return path.contains("src/main/java") && path.endsWith("Event.java");
  }
}
