package io.ullage.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.ullage.bench.result.Measurement;
import io.ullage.bench.result.ResultFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * No compiler takes out what is measured: whatever does the work takes at least twice the time of
 * the control, which does all but the work. Nothing here depends on how fast a machine is, only on
 * what is faster.
 */
final class FairnessIT {
  private static final Path JAR = Path.of("target", "benchmarks.jar");
  private static final double LEAST_TIMES = 2;

  @TempDir private Path folder;

  @Test
  void buffersCostMoreThanNone() throws Exception {
    assertWorkIsDone(
        "queue",
        "SegmentAllocationBenchmark",
        "size=1024",
        "pattern=ring",
        "zeroed=false",
        "impl=ullage,slice-confined,arena-confined,malloc,unsafe,netty-pooled,netty-adaptive,arrow,queue");
  }

  @Test
  void zeroingIsDone() throws Exception {
    List<Measurement> zeroed =
        run(
            "SegmentAllocationBenchmark",
            "size=65536",
            "pattern=ring",
            "zeroed=true,false",
            "impl=ullage,malloc,unsafe,netty-pooled");

    for (Measurement one : zeroed) {
      if (one.parameters().containsValue("true")) {
        Measurement other =
            zeroed.stream()
                .filter(m -> m.impl().equals(one.impl()) && !m.equals(one))
                .findFirst()
                .orElseThrow();
        assertThat(one.bestFork())
            .as("64 KiB of %s, zeroed, against not", one.impl())
            .isGreaterThan(LEAST_TIMES * other.bestFork());
      }
    }
  }

  @Test
  void accountingCostsMoreThanNone() throws Exception {
    assertWorkIsDone("none", "AccountingBenchmark");
  }

  @Test
  void scopesCostMoreThanNone() throws Exception {
    assertWorkIsDone("none", "TokenScopeBenchmark");
  }

  private void assertWorkIsDone(String control, String benchmark, String... parameters)
      throws Exception {
    List<Measurement> measured = run(benchmark, parameters);
    double least =
        measured.stream()
            .filter(m -> m.impl().equals(control))
            .findFirst()
            .orElseThrow()
            .bestFork();
    assertThat(measured).hasSizeGreaterThan(1);
    for (Measurement one : measured) {
      if (!one.impl().equals(control)) {
        assertThat(one.bestFork())
            .as("%s of %s, against its control", benchmark, one.impl())
            .isGreaterThan(LEAST_TIMES * least);
      }
    }
  }

  private List<Measurement> run(String benchmark, String... parameters) throws Exception {
    Path results = folder.resolve("results.json");
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-jar",
                JAR.toString(),
                benchmark,
                "-foe",
                "true",
                "-f",
                "1",
                "-wi",
                "3",
                "-w",
                "100ms",
                "-i",
                "3",
                "-r",
                "100ms",
                "-rf",
                "json",
                "-rff",
                results.toString()));
    for (String parameter : parameters) {
      command.addAll(List.of("-p", parameter));
    }
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return ResultFile.read(results).measurements();
  }
}
