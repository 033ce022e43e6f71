package io.ullage.tool.spill;

import static org.assertj.core.api.Assertions.assertThat;

import io.ullage.tool.ToolProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code ullage spill-stress} as scripts meet it: the packaged jar in a process of its own. */
class SpillStressIT {
  private static final long MEBIBYTE = 1 << 20;

  @TempDir Path home;

  @Test
  void pushesSpillsAndVerifiesEveryByte() throws Exception {
    Path directory = home.resolve("spill");
    try (ToolProcess stress =
        ToolProcess.start(
            home,
            "spill-stress",
            "--json",
            "--total-mb",
            "96",
            "--spill-dir",
            directory.toString())) {
      assertThat(stress.exitCode()).as("%s", stress.err()).isZero();
      Map<String, @Nullable Object> fields = stress.json();
      assertThat(fields).containsEntry("ok", true).containsEntry("error", null);
      assertThat(bytes(fields, "pushed_bytes")).isEqualTo(96 * MEBIBYTE);
      assertThat(bytes(fields, "drained_bytes")).isEqualTo(96 * MEBIBYTE);
      assertThat(bytes(fields, "spilled_bytes")).isGreaterThan(32 * MEBIBYTE);
      assertThat(bytes(fields, "limit_bytes")).isEqualTo(64 * MEBIBYTE);
      assertThat(bytes(fields, "peak_reserved_bytes")).isLessThanOrEqualTo(64 * MEBIBYTE);
      assertThat(directory).as("nothing is left, nor of the warm-up").isEmptyDirectory();
      assertThat(stress.err()).contains("pushed 8/8").contains("drained 8/8");
    }
  }

  @Test
  void manyQueuesAndAnUnevenEndComeBackToo() throws Exception {
    try (ToolProcess stress =
        ToolProcess.start(
            home,
            "spill-stress",
            "--json",
            "--total-mb",
            "7",
            "--chunk-kb",
            "3",
            "--threshold-mb",
            "1",
            "--head-reserve-mb",
            "1",
            "--queues",
            "3",
            "--drain-every",
            "500")) {
      assertThat(stress.exitCode()).as("%s", stress.err()).isZero();
      assertThat(bytes(stress.json(), "drained_bytes")).isEqualTo(7 * MEBIBYTE);
    }
  }

  @ParameterizedTest
  @CsvSource({"block, 0,", "fail, 74, disk_full", "keep, 74, disk_full", "drop, 0,"})
  void aFullDiskIsWhatWasAskedFor(String onFull, int exitCode, @Nullable String error)
      throws Exception {
    Path small = Files.createDirectory(home.resolve("small"));
    Assumptions.assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", small.toString()),
        "mounting is not allowed here");
    try (ToolProcess stress =
        ToolProcess.start(
            home,
            "spill-stress",
            "--json",
            "--total-mb",
            "48",
            "--chunk-kb",
            "64",
            "--threshold-mb",
            "2",
            "--head-reserve-mb",
            "1",
            "--limit-mb",
            "12",
            "--on-full",
            onFull,
            "--spill-dir",
            small.toString())) {
      assertThat(stress.exitCode()).as("%s", stress.err()).isEqualTo(exitCode);
      Map<String, @Nullable Object> fields = stress.json();
      assertThat(fields).containsEntry("ok", exitCode == 0).containsEntry("error", error);
      long pushed = bytes(fields, "pushed_bytes");
      assertThat(pushed)
          .as("%s", fields)
          .isEqualTo(
              bytes(fields, "drained_bytes")
                  + bytes(fields, "dropped_bytes")
                  + bytes(fields, "resident_bytes"));
      assertThat(bytes(fields, "dropped_bytes") > 0).isEqualTo(onFull.equals("drop"));
      assertThat(pushed == 48 * MEBIBYTE).isEqualTo(exitCode == 0);
      assertThat(bytes(fields, "spilled_bytes")).isPositive();
      assertThat(bytes(fields, "peak_reserved_bytes"))
          .isLessThanOrEqualTo(bytes(fields, "limit_bytes"));
    } finally {
      run("umount", small.toString());
    }
  }

  @ParameterizedTest
  @CsvSource({"--chunk-kb, 0", "--queues, 1001", "--limit-mb, 1", "--on-full, explode"})
  void aBadValueIsNamed(String option, String value) throws Exception {
    try (ToolProcess stress =
        ToolProcess.start(home, "spill-stress", "--json", option, value, "--total-mb", "8")) {
      assertThat(stress.exitCode()).isEqualTo(2);
      assertThat(stress.json()).containsEntry("ok", false);
      assertThat(stress.err()).contains(option).contains(value);
    }
  }

  private static long bytes(Map<String, @Nullable Object> fields, String name) {
    return ((Number) Objects.requireNonNull(fields.get(name), name)).longValue();
  }

  private static boolean run(String... command) throws InterruptedException {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException noSuchCommand) {
      return false;
    }
  }
}
