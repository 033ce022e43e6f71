package io.ullage.spill;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What events cost while nobody records. */
class UnrecordedIT {
  private static final Pattern EVENT_OF_OURS = Pattern.compile("io\\.ullage\\.\\S*Event\\b");

  /** Loading such a class starts the flight recorder's machinery, which takes 120 ms. */
  @Test
  void noClassOfAnEventIsLoaded(@TempDir Path folder) throws Exception {
    Path log = folder.resolve("classes");
    try (ForkedSpill program =
        new ForkedSpill(
            "export JAVA_TOOL_OPTIONS=-Xlog:class+load:file=" + log + ";",
            System.getProperty("java.class.path"),
            UnrecordedProgram.class)) {
      program.await("refused 1");
    }

    assertThat(Files.readString(log))
        .contains("io.ullage.core.internal.FlightRecording")
        .doesNotContainPattern(EVENT_OF_OURS);
  }
}
