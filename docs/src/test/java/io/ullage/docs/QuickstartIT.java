package io.ullage.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The quickstart builds and runs in a clean folder, against artifacts that are installed in a
 * repository of its own below {@code target}; the user's repository only lends what others
 * published.
 */
class QuickstartIT {
  private static final Path ROOT =
      Objects.requireNonNull(Path.of("").toAbsolutePath().getParent(), "the folder of the project");
  private static final Map<String, String> ARTIFACTS =
      Map.of(
          "ullage-core", "core",
          "ullage-ffm-allocator", "ffm-allocator",
          "ullage-spill-mmap", "spill-mmap",
          "ullage-lease-store", "lease-store",
          "ullage-observe", "observe");
  private static final long TIMEOUT_SECONDS = 170;

  @Test
  void buildsAndRunsAgainstTheInstalledArtifacts() throws Exception {
    Path target = Path.of("target").toAbsolutePath();
    Path repository = target.resolve("quickstart-repository");
    String version = version();
    install(repository, "ullage-parent", version, ROOT.resolve("pom.xml"), null);
    install(repository, "ullage-bom", version, ROOT.resolve("bom/pom.xml"), null);
    for (Map.Entry<String, String> artifact : ARTIFACTS.entrySet()) {
      Path module = ROOT.resolve(artifact.getValue());
      Path jar = module.resolve("target/" + artifact.getKey() + "-" + version + ".jar");
      install(repository, artifact.getKey(), version, module.resolve("pom.xml"), jar);
    }
    Path clone = Files.createTempDirectory(Files.createDirectories(target), "quickstart");
    Path clean = clone.resolve("examples/quickstart");
    copyWithoutTargets(ROOT.resolve("examples/quickstart"), clean);
    Files.copy(
        ROOT.resolve("jvm.options"),
        clone.resolve("jvm.options"),
        StandardCopyOption.REPLACE_EXISTING);

    String output = build(clean, repository);

    assertThat(output)
        .contains("class path: sum 32640", "status: {\"healthy\":true,\"reasons\":[]}")
        .contains("module com.example.modular: sum 32640, counters on");
  }

  private static String version() throws IOException {
    Matcher matcher =
        Pattern.compile("<version>([^<]+)</version>")
            .matcher(Files.readString(ROOT.resolve("pom.xml")));
    assertThat(matcher.find()).isTrue();
    return matcher.group(1);
  }

  /** What the install plugin does: a local repository is folders and names. */
  private static void install(
      Path repository, String artifact, String version, Path pom, @Nullable Path jar)
      throws IOException {
    Path folder = repository.resolve("io/ullage").resolve(artifact).resolve(version);
    Files.createDirectories(folder);
    String name = artifact + "-" + version;
    Files.copy(pom, folder.resolve(name + ".pom"), StandardCopyOption.REPLACE_EXISTING);
    if (jar != null) {
      Files.copy(jar, folder.resolve(name + ".jar"), StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static void copyWithoutTargets(Path from, Path to) throws IOException {
    Files.walkFileTree(
        from,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
              throws IOException {
            if (folder.endsWith("target")) {
              return FileVisitResult.SKIP_SUBTREE;
            }
            Files.createDirectories(to.resolve(from.relativize(folder)));
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.copy(
                file, to.resolve(from.relativize(file)), StandardCopyOption.REPLACE_EXISTING);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private static String build(Path project, Path repository) throws Exception {
    Path log = project.resolve("build.log");
    ProcessBuilder builder =
        new ProcessBuilder(
                List.of(
                    ROOT.resolve("mvnw").toString(),
                    "-B",
                    "-f",
                    project.resolve("pom.xml").toString(),
                    "-Dmaven.repo.local=" + repository,
                    "-Dmaven.repo.local.tail=" + userRepository(),
                    "-Dmaven.repo.local.tail.ignoreAvailability=true",
                    "-DskipTests",
                    "package"))
            .directory(ROOT.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    // The options of the build that runs this test are none of this build's.
    builder.environment().remove("MAVEN_ARGS");
    Process process = builder.start();
    try {
      boolean ended = process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS);
      assertThat(ended).as("ends; it said: %s", Files.readString(log)).isTrue();
      assertThat(process.exitValue()).as(Files.readString(log)).isZero();
    } finally {
      process.destroyForcibly();
    }
    return Files.readString(log);
  }

  private static Path userRepository() {
    String chosen = System.getProperty("maven.repo.local");
    return chosen == null
        ? Path.of(System.getProperty("user.home"), ".m2", "repository")
        : Path.of(chosen);
  }
}
