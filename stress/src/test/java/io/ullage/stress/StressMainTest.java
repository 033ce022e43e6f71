package io.ullage.stress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

final class StressMainTest {
  @Test
  void takesOurOptionsAndBareNamesForOurs() {
    assertThat(StressMain.isOwn(List.of())).isTrue();
    assertThat(StressMain.isOwn(List.of("core"))).isTrue();
    assertThat(StressMain.isOwn(List.of("--full", "core"))).isTrue();
    assertThat(StressMain.isOwn(List.of("soak", "--minutes", "1"))).isTrue();
  }

  @Test
  void leavesOptionsOfJcstressToJcstress() {
    assertThat(StressMain.isOwn(List.of("-l"))).isFalse();
    assertThat(StressMain.isOwn(List.of("-m", "tough", "-t", "core"))).isFalse();
  }

  @Test
  void namesEachFailureOnce() {
    assertThat(
            StressCommand.firstLines(
                """
                TEST FAILURES:\s
                a.B [-Xint]: Observed forbidden state: 1, 1 (torn)
                a.B [-XX:+UseSerialGC, -ea]: Observed forbidden state: 1, 1 (torn)
                a.C had failed
                """))
        .isEqualTo("a.B: Observed forbidden state: 1, 1 (torn); a.C had failed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"(", "no such test"})
  void refusesWhatSelectsNothingWithOneJsonLine(String regex, @TempDir Path folder) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine command =
        StressMain.commandLine(false).setOut(new PrintWriter(out)).setErr(new PrintWriter(err));

    assertThat(command.execute("--json", "--results", folder.toString(), regex)).isEqualTo(2);

    assertThat(out.toString()).startsWith("{\"ok\":false,").contains("REGEX").hasLineCount(1);
    assertThat(err.toString()).contains("REGEX", regex).hasLineCount(1);
  }
}
