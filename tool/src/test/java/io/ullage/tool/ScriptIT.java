package io.ullage.tool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script at the root, in a folder of its own with a pretended JDK and a pretended build. */
class ScriptIT {
  @TempDir Path temporary;
  private Path clone;
  private Path builds;

  record Ended(int exitCode, List<String> out, List<String> err, long pid) {}

  @BeforeEach
  void makeAClone() throws IOException {
    clone = Files.createDirectories(temporary.resolve("a clone"));
    builds = clone.resolve("builds");
    script(clone.resolve("ullage"), Files.readString(Path.of("..", "ullage")));
    script(
        clone.resolve("mvnw"),
        """
        #!/bin/sh
        echo "$@" >>builds
        sleep 0.3
        [ ! -e fail ] || exit 1
        while [ "$1" != -pl ]; do shift; done
        case $2 in
          tool) echo jar >tool/target/ullage.jar ;;
          bench) echo jar >bench/target/benchmarks.jar ;;
        esac
        """);
    makeJdk(clone.resolve("jdk"), "25.0.1");
    for (String file : List.of("pom.xml", "bom/pom.xml", ".mvn/maven.config", "jvm.options")) {
      write(clone.resolve(file), "");
    }
    write(clone.resolve("core/src/main/java/A.java"), "");
    write(clone.resolve("bench/src/main/java/B.java"), "");
  }

  @Test
  void buildsOnceAndThenBecomesJavaInTheCallersFolder() throws Exception {
    Path elsewhere = Files.createDirectories(temporary.resolve("else where"));
    Path link = Files.createSymbolicLink(elsewhere.resolve("link"), clone.resolve("ullage"));
    Ended ended = start(elsewhere, List.of(link.toString(), "run", "a b"), Map.of());
    assertThat(ended.exitCode).isEqualTo(7);
    assertThat(ended.out)
        .containsExactly(
            elsewhere.toRealPath().toString(),
            Long.toString(ended.pid),
            "-XX:+UseSerialGC",
            "-Xmx512m",
            "-Xmn15m",
            "-XX:SurvivorRatio=1",
            "-XX:TargetSurvivorRatio=95",
            "--sun-misc-unsafe-memory-access=allow",
            "-Dchronicle.analytics.disable=true",
            "-jar",
            clone.toRealPath() + "/tool/target/ullage.jar",
            "run",
            "a b");
    start(clone, List.of("./ullage"), Map.of());
    assertThat(Files.readAllLines(builds)).hasSize(1);
  }

  @Test
  void givesTwoCommandsOptionsOfTheirOwn() throws Exception {
    assertThat(start(clone, List.of("./ullage", "spill-stress"), Map.of()).out)
        .contains(
            "-XX:TrimNativeHeapInterval=100", "-Xlog:trimnative*=off", "-XX:MaxInlineLevel=9");
    assertThat(start(clone, List.of("./ullage", "lease", "list"), Map.of()).out)
        .contains("-XX:TieredStopAtLevel=1");
  }

  @Test
  void buildsAgainAfterASourceChangedAndAfterABuildThatDidNotEnd() throws Exception {
    start(clone, List.of("./ullage"), Map.of());
    Files.setLastModifiedTime(
        clone.resolve("core/src/main/java/A.java"), FileTime.from(Instant.now().plusSeconds(1)));
    start(clone, List.of("./ullage"), Map.of());
    assertThat(Files.readAllLines(builds)).hasSize(2);

    Files.setLastModifiedTime(
        clone.resolve("core/src/main/java/A.java"), FileTime.from(Instant.EPOCH));
    write(clone.resolve("tool/target/ullage-build.unfinished"), "");
    start(clone, List.of("./ullage"), Map.of());
    assertThat(Files.readAllLines(builds)).hasSize(3);
  }

  @Test
  void buildsOnceForTwoStarts() throws Exception {
    Process first = begin(clone, List.of("./ullage"), Map.of());
    Process second = begin(clone, List.of("./ullage"), Map.of());
    assertThat(end(first).exitCode).isEqualTo(7);
    assertThat(end(second).exitCode).isEqualTo(7);
    assertThat(Files.readAllLines(builds)).hasSize(1);
  }

  @Test
  void handsBenchmarksToTheirOwnJar() throws Exception {
    Ended ended = start(clone, List.of("./ullage", "bench", "-l"), Map.of());
    assertThat(ended.out)
        .endsWith("-jar", clone.toRealPath() + "/bench/target/benchmarks.jar", "-l");
    assertThat(Files.readAllLines(builds)).singleElement().asString().contains("-pl bench");
  }

  @Test
  void startsFromAnArchiveThatIsNewerThanTheJar() throws Exception {
    Path archive = clone.resolve("tool/target/ullage.aot");
    start(clone, List.of("./ullage"), Map.of());
    write(archive, "");
    Files.setLastModifiedTime(archive, FileTime.from(Instant.now().plusSeconds(1)));
    assertThat(start(clone, List.of("./ullage", "a b"), Map.of()).out)
        .contains("-XX:AOTCache=" + archive.toRealPath())
        .endsWith("-jar", clone.toRealPath() + "/tool/target/ullage.jar", "a b");

    Files.setLastModifiedTime(archive, FileTime.from(Instant.EPOCH));
    assertThat(start(clone, List.of("./ullage"), Map.of()).out)
        .noneMatch(argument -> argument.contains("AOT"));
  }

  @Test
  void aSourceThatChangedWhileItWasBuiltIsBuiltAgainUnlessSomebodyElseDid() throws Exception {
    start(clone, List.of("./ullage"), Map.of());
    Path source = clone.resolve("core/src/main/java/A.java");
    Path begun = clone.resolve("tool/target/ullage-build.begun");
    Instant midway = Files.getLastModifiedTime(begun).toInstant().plusMillis(100);
    Files.setLastModifiedTime(source, FileTime.from(midway));
    Path jar = clone.resolve("tool/target/ullage.jar");
    assertThat(Files.getLastModifiedTime(jar).toInstant()).isAfter(midway);

    start(clone, List.of("./ullage"), Map.of());
    assertThat(Files.readAllLines(builds)).hasSize(2);
    Files.setLastModifiedTime(
        source, FileTime.from(Files.getLastModifiedTime(begun).toInstant().plusMillis(100)));
    Files.setLastModifiedTime(jar, FileTime.from(Instant.now().plusSeconds(1)));
    start(clone, List.of("./ullage"), Map.of());
    assertThat(Files.readAllLines(builds)).hasSize(2);
  }

  @Test
  void saysInOneLineThatTheBuildFailed() throws Exception {
    write(clone.resolve("fail"), "");
    Ended ended = start(clone, List.of("./ullage", "run", "--json"), Map.of());
    assertThat(ended.exitCode).isEqualTo(1);
    assertThat(ended.out).containsExactly("{\"ok\":false,\"error\":\"build\"}");
    assertThat(ended.err.getLast()).contains("the build of tool failed");
  }

  @Test
  void refusesAJdkThatIsTooOldNamingIt() throws Exception {
    Path old = makeJdk(clone.resolve("old"), "17.0.9");
    Ended ended = start(clone, List.of("./ullage"), Map.of("ULLAGE_JAVA_HOME", old.toString()));
    assertThat(ended.exitCode).isEqualTo(2);
    assertThat(ended.err).singleElement().asString().contains(old.toString(), "JDK 25");
    assertThat(builds).doesNotExist();
  }

  private static Path makeJdk(Path home, String version) throws IOException {
    String java =
        """
        #!/bin/sh
        pwd
        echo $$
        printf '%s\\n' "$@"
        exit 7
        """;
    script(home.resolve("bin/java"), java);
    script(home.resolve("bin/javac"), java);
    write(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
    return home;
  }

  private Ended start(Path folder, List<String> command, Map<String, String> environment)
      throws Exception {
    return end(begin(folder, command, environment));
  }

  private Process begin(Path folder, List<String> command, Map<String, String> environment)
      throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(new ArrayList<>(command)).directory(folder.toFile());
    builder.environment().put("ULLAGE_JAVA_HOME", clone.resolve("jdk").toString());
    builder.environment().putAll(environment);
    return builder.start();
  }

  private static Ended end(Process process) throws Exception {
    List<String> out = process.inputReader().readAllLines();
    List<String> err = process.errorReader().readAllLines();
    return new Ended(process.waitFor(), out, err, process.pid());
  }

  private static void script(Path file, String text) throws IOException {
    write(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static void write(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
