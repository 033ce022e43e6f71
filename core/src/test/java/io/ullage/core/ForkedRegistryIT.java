package io.ullage.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ForkedRegistryIT {
  @TempDir Path directory;

  @Test
  void showsItsCountersWhileItRunsAndAfterItWasKilled() throws Exception {
    Path file = directory.resolve("x.counters");
    Process process =
        ForkedProgram.start(
            List.of(
                "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED",
                "--enable-native-access=ALL-UNNAMED"),
            "charge",
            file.toString());
    try {
      ForkedProgram.readUntil(process, "ready");
      try (CounterFileReader reader = CounterFileReader.open(file)) {
        assertThat(reader.pid()).isEqualTo(process.pid());
        assertThat(reader.alive()).isTrue();
        assertThat(reserved(reader)).isEqualTo(100);
        assertThat(reader.figures("root").orElseThrow().limitBytes()).isEqualTo(1_000_000);

        process.outputWriter().write("go\n");
        process.outputWriter().flush();
        ForkedProgram.readUntil(process, "charged");
        while (reserved(reader) != 300) {
          Thread.sleep(1);
        }

        process.destroyForcibly().waitFor();
        assertThat(reader.alive()).isFalse();
        assertThat(reserved(reader)).isEqualTo(300);
      }
      try (CounterFileReader late = CounterFileReader.open(file)) {
        assertThat(late.alive()).isFalse();
        assertThat(reserved(late)).isEqualTo(300);
      }
    } finally {
      process.destroyForcibly();
    }
  }

  private static long reserved(CounterFileReader reader) throws IOException {
    return reader.figures("a.b").orElseThrow().total().reservedBytes();
  }

  @Test
  void worksWithoutAnyJvmOptionAndNamesTheOneThatTheCounterFileNeeds() throws Exception {
    Process process = ForkedProgram.start(List.of(), "plain");
    try {
      List<String> lines = ForkedProgram.readUntil(process, "done");
      assertThat(lines.getLast()).isEqualTo("done 1000000 1 COMPARE_AND_SET false");
      assertThat(lines)
          .filteredOn(line -> line.contains("--add-opens java.base/jdk.internal.misc=ALL-UNNAMED"))
          .hasSize(1);
      assertThat(String.join("\n", lines)).doesNotContain("estricted").doesNotContain("Exception");
      assertThat(process.waitFor()).isZero();
    } finally {
      process.destroyForcibly();
    }
  }
}
