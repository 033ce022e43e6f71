package io.ullage.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.ullage.bench.result.MachineFacts;
import io.ullage.bench.result.MeasurementFixture;
import io.ullage.bench.result.ResultFile;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

final class BenchMainTest {
  @Test
  void takesOurOptionsAndBareNamesForOurs() {
    assertThat(BenchMain.isOwn(List.of())).isTrue();
    assertThat(BenchMain.isOwn(List.of("alloc"))).isTrue();
    assertThat(BenchMain.isOwn(List.of("--full", "alloc"))).isTrue();
    assertThat(BenchMain.isOwn(List.of("--continue=a.json"))).isTrue();
    assertThat(BenchMain.isOwn(List.of("report", "a.json", "--out", "b.html"))).isTrue();
  }

  @Test
  void leavesOptionsOfJmhToJmh() {
    assertThat(BenchMain.isOwn(List.of("-l"))).isFalse();
    assertThat(BenchMain.isOwn(List.of("-foe", "true", "alloc"))).isFalse();
  }

  @Test
  void printsWhatResultsComeToUnlessToldWhereToWriteThem(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("run.json");
    new ResultFile(
            new MachineFacts(Map.of()),
            List.of(MeasurementFixture.of("ullage", 10), MeasurementFixture.of("peer", 40)))
        .write(file);
    StringWriter out = new StringWriter();

    int exitCode =
        BenchMain.commandLine(false)
            .setOut(new PrintWriter(out))
            .execute("report", file.toString());

    assertThat(exitCode).isZero();
    assertThat(out.toString()).contains("Sample.run size=1024", "ullage is 4.00× faster");
  }

  @ParameterizedTest
  @ValueSource(strings = {"(", "no such benchmark"})
  void refusesWhatSelectsNothingWithOneJsonLine(String regex) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine command =
        BenchMain.commandLine(false).setOut(new PrintWriter(out)).setErr(new PrintWriter(err));

    assertThat(command.execute("--json", regex)).isEqualTo(2);

    assertThat(out.toString()).startsWith("{\"ok\":false,").contains("REGEX").hasLineCount(1);
    assertThat(err.toString()).contains("REGEX", regex).hasLineCount(1);
  }
}
