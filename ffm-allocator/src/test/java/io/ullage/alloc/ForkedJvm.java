package io.ullage.alloc;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A main class run in a JVM of its own.
 *
 * @param exitCode 134 and the like when it crashed
 * @param output both streams
 */
record ForkedJvm(int exitCode, String output) {
  /** Runs a main class of these tests with this class path; no other option is inherited. */
  static ForkedJvm run(Class<?> main, List<String> prefix, String... options)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(prefix);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(options));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try {
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new ForkedJvm(process.waitFor(), output);
    } finally {
      process.destroyForcibly();
    }
  }
}
