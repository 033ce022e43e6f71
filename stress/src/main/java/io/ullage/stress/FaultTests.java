package io.ullage.stress;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The tests that kill processes, fill disks and damage files, at their full counts: the build runs
 * them, so they need the clone that this jar was built in.
 *
 * @param root the clone
 */
record FaultTests(Path root) {
  /** Set by the script that starts this jar from a clone. */
  private static final String ROOT_VARIABLE = "ULLAGE_ROOT";

  /** As often as was promised; the build by itself runs a few of each. */
  private static final List<String> COUNTS =
      List.of(
          "-Dullage.full=true",
          "-Dullage.spill.kills=100",
          "-Dullage.spill.soakSeconds=600",
          "-Dullage.test.seconds=7200");

  /** The clone that the script names; empty where this jar was started by itself. */
  static Optional<FaultTests> ofClone(Map<String, String> environment) {
    return Optional.ofNullable(environment.get(ROOT_VARIABLE))
        .map(Path::of)
        .filter(root -> Files.isExecutable(root.resolve("mvnw")))
        .map(FaultTests::new);
  }

  /** What runs them. */
  List<String> command() {
    List<String> command =
        new ArrayList<>(
            List.of(
                root.resolve("mvnw").toString(),
                "-B",
                "verify",
                "-pl",
                "core,ffm-allocator,spill-mmap,lease-store",
                "-Dtest=none",
                "-Dsurefire.failIfNoSpecifiedTests=false",
                "-Dullage.skipFormat=true",
                "-Dmaven.javadoc.skip=true",
                "-Dmaven.source.skip=true"));
    command.addAll(COUNTS);
    return List.copyOf(command);
  }

  /** Runs them; what they print goes to stderr. */
  int run() throws IOException, InterruptedException {
    Process build =
        new ProcessBuilder(command()).directory(root.toFile()).redirectErrorStream(true).start();
    build.getOutputStream().close();
    build.getInputStream().transferTo(System.err);
    return build.waitFor();
  }
}
