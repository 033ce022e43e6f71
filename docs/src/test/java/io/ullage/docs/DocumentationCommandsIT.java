package io.ullage.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every command of these pages runs: each block marked {@code sh} in a shell of its own that ends
 * at the first failure, the blocks of one page in one folder, with {@code ./ullage} as it was
 * packaged.
 */
class DocumentationCommandsIT {
  private static final Path ROOT =
      Objects.requireNonNull(Path.of("").toAbsolutePath().getParent(), "the folder of the project");
  private static final List<Path> PAGES =
      List.of(
          Path.of("docs/getting-started.md"),
          Path.of("docs/operations.md"),
          Path.of("docs/guide/jfr.md"),
          Path.of("docs/guide/observe.md"));
  private static final String PORT_OF_THE_PAGES = "7878";
  private static final long TIMEOUT_SECONDS = 120;

  @TempDir static Path scratch;

  @TestFactory
  Stream<DynamicTest> everyCommandRuns() throws IOException {
    Stream.Builder<DynamicTest> tests = Stream.builder();
    for (Path page : PAGES) {
      Path folder = prepare(Files.createTempDirectory(scratch, "page"));
      List<Example> blocks = Example.blocksOf(ROOT, page, "sh");
      assertThat(blocks).as("blocks of %s", page).isNotEmpty();
      blocks.forEach(
          block ->
              tests.add(
                  DynamicTest.dynamicTest(
                      block.page() + ", line " + block.line(), () -> run(block, folder))));
    }
    return tests.build();
  }

  /** What stands in the root of a clone, as far as the pages use it. */
  private static Path prepare(Path folder) throws IOException {
    for (String file : List.of("jvm.options", "ullage.jfc")) {
      Files.copy(ROOT.resolve(file), folder.resolve(file));
    }
    String script =
        "#!/bin/sh\nexec java @'%s' -jar '%s' \"$@\"\n"
            .formatted(folder.resolve("jvm.options"), ROOT.resolve("tool/target/ullage.jar"));
    Files.setPosixFilePermissions(
        Files.writeString(folder.resolve("ullage"), script),
        PosixFilePermissions.fromString("rwxr-xr-x"));
    return folder;
  }

  private static void run(Example block, Path folder) throws Exception {
    String port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = Integer.toString(free.getLocalPort());
    }
    Path output = folder.resolve("output-" + block.line() + ".txt");
    ProcessBuilder builder =
        new ProcessBuilder("sh", "-euc", block.code().replace(PORT_OF_THE_PAGES, port))
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    Map<String, String> environment = builder.environment();
    environment.put(
        "PATH", Path.of(System.getProperty("java.home"), "bin") + ":" + environment.get("PATH"));
    environment.put("XDG_STATE_HOME", folder.resolve("state").toString());
    Process shell = builder.start();
    try {
      boolean ended = shell.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS);
      assertThat(ended).as("ends; it printed: %s", Files.readString(output)).isTrue();
      assertThat(shell.exitValue()).as("it printed: %s", Files.readString(output)).isZero();
    } finally {
      shell.descendants().forEach(ProcessHandle::destroyForcibly);
      shell.destroyForcibly();
    }
  }
}
