package io.ullage.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every Java example of README and docs compiles without a warning, and every one with a main
 * method runs to its end in a JVM of its own with the options of {@code jvm.options}.
 */
class DocumentationExamplesTest {
  private static final Path ROOT =
      Objects.requireNonNull(Path.of("").toAbsolutePath().getParent(), "the folder of the project");
  private static final long TIMEOUT_SECONDS = 120;

  @TempDir Path scratch;

  @Test
  void readmeShowsAnExampleOfEachPart() throws IOException {
    String examples =
        String.join(
            "\n",
            Example.examplesOf(ROOT, Path.of("README.md")).stream().map(Example::code).toList());
    assertThat(examples)
        .contains("io.ullage.core", "io.ullage.alloc", "io.ullage.spill", "io.ullage.lease");
  }

  @TestFactory
  Stream<DynamicTest> examplesCompileAndRun() throws IOException {
    List<Example> examples = new ArrayList<>();
    for (Path page : pages()) {
      examples.addAll(Example.examplesOf(ROOT, page));
    }
    return examples.stream()
        .map(example -> DynamicTest.dynamicTest(example.toString(), () -> compileAndRun(example)));
  }

  private static List<Path> pages() throws IOException {
    try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
      return Stream.concat(Stream.of(ROOT.resolve("README.md")), docs)
          .map(ROOT::relativize)
          .filter(page -> page.toString().endsWith(".md") && !page.startsWith("docs/target"))
          .sorted()
          .toList();
    }
  }

  private void compileAndRun(Example example) throws IOException, InterruptedException {
    Path directory = Files.createTempDirectory(scratch, "example");
    Path source = directory.resolve(example.className() + ".java");
    Files.writeString(source, example.code());
    assertThat(compile(source, directory)).as("javac's messages on %s", example).isEmpty();
    if (example.hasMainMethod()) {
      run(example, directory);
    }
  }

  private static String compile(Path source, Path directory) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter messages = new StringWriter();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, Locale.ROOT, null)) {
      compiler
          .getTask(
              messages,
              files,
              null,
              // Not "path": the manifests of Chronicle's jars name jars that Maven keeps elsewhere.
              // Not "classfile": Arrow's classes bear annotations that it does not bring along.
              List.of("-Xlint:all,-path,-classfile", "-d", directory.toString()),
              null,
              files.getJavaFileObjects(source))
          .call();
    }
    return messages.toString();
  }

  private static void run(Example example, Path directory)
      throws IOException, InterruptedException {
    Path output = directory.resolve("output.txt");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@" + ROOT.resolve("jvm.options"),
                "-cp",
                directory + File.pathSeparator + System.getProperty("java.class.path"),
                example.className())
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      boolean ended = process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS);
      assertThat(ended).as("%s ends by itself; it printed: %s", example, text(output)).isTrue();
      assertThat(process.exitValue()).as("exit code of %s: %s", example, text(output)).isZero();
    } finally {
      process.destroyForcibly();
    }
  }

  private static String text(Path output) throws IOException {
    return Files.readString(output);
  }
}
