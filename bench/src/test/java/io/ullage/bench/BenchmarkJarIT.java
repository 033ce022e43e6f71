package io.ullage.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The packed jar, started as a user starts it. */
final class BenchmarkJarIT {
  private static final Path JAR = Path.of("target", "benchmarks.jar");
  private static final Path OWN_JAVA = Path.of(System.getProperty("java.home"), "bin", "java");

  @ParameterizedTest
  @ValueSource(strings = {"core", "alloc", "spill", "lease", "observe"})
  void listsABenchmarkOfEveryLibraryModule(String area) throws Exception {
    assertThat(run(OWN_JAVA, "-l").output()).contains("io.ullage.bench." + area + ".");
  }

  @Test
  void runsAForkWithTheOptionsOfTheLibrary() throws Exception {
    Ran ran =
        run(
            OWN_JAVA,
            "-foe",
            "true",
            "-f",
            "1",
            "-wi",
            "0",
            "-i",
            "1",
            "-r",
            "10ms",
            "-p",
            "impl=release-cell",
            "CounterPairBenchmark");

    assertThat(ran.output())
        .contains("--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED", "-XX:+UseParallelGC");
    assertThat(ran.exitCode()).isZero();
  }

  @Test
  void failsWhenABenchmarkThrows() throws Exception {
    assertThat(
            run(OWN_JAVA, "--smoke", "-foe", "true", "-p", "impl=nonsense", "CounterPairBenchmark")
                .exitCode())
        .isNotZero();
  }

  /** More goes through than fits, so that what blocks or spills does. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "ullage",
        "ullage-resident",
        "slices-blocking-queue",
        "netty-blocking-queue",
        "chronicle-queue"
      })
  void eachPipelineEndsWithAllThatWentIn(String impl) throws Exception {
    Ran ran =
        run(
            List.of(
                OWN_JAVA.toString(),
                "@../jvm.options",
                "-cp",
                JAR.toString(),
                "io.ullage.bench.system.PipelineMain",
                impl,
                "16",
                "128"));
    assertThat(ran.exitCode()).as(ran.output()).isZero();
    assertThat(ran.output()).contains("\"mib_per_s\":");
  }

  @Test
  void measuresTakeoversAndReportsThem(@TempDir Path folder) throws Exception {
    Ran measured =
        run(OWN_JAVA, "takeover", "--times", "2", "--results", folder.toString(), "--json");

    assertThat(measured.exitCode()).as(measured.output()).isZero();
    assertThat(measured.output()).contains("release-64", "kill-64", "\"ok\":true");
    assertThat(run(OWN_JAVA, "report", folder.resolve("takeover.json").toString()).output())
        .contains("takeover.owned", "a peer owns after kill -9 of a holder that touched 64 MiB");
  }

  @Test
  void startsOnAnOldJavaAndGoesOnWithANewOne() throws Exception {
    List<Path> old = javasOlderThanOurs();
    assumeThat(old).as("an older Java on this machine").isNotEmpty();

    assertThat(run(old.getFirst(), "-l").output()).contains("io.ullage.bench.core.");
  }

  private static List<Path> javasOlderThanOurs() throws IOException {
    List<Path> old = new ArrayList<>();
    Path usual = Path.of("/usr/lib/jvm");
    if (Files.isDirectory(usual)) {
      try (Stream<Path> homes = Files.list(usual)) {
        for (Path home : homes.sorted().toList()) {
          Path release = home.resolve("release");
          if (Files.isRegularFile(release)
              && Files.isExecutable(home.resolve("bin/java"))
              && Files.readString(release).contains("JAVA_VERSION=\"17.")) {
            old.add(home.resolve("bin/java"));
          }
        }
      }
    }
    return old;
  }

  private static Ran run(Path java, String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(java.toString(), "-jar", JAR.toString()));
    command.addAll(List.of(arguments));
    return run(command);
  }

  private static Ran run(List<String> command) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    // The JDK that runs this test, wherever it is: an old Java must find it.
    builder.environment().put("ULLAGE_JAVA_HOME", System.getProperty("java.home"));
    Process process = builder.start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ran(process.waitFor(), output);
  }

  private record Ran(int exitCode, String output) {}
}
