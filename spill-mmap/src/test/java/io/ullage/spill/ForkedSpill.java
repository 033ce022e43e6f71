package io.ullage.spill;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Another JVM with this one's class path and options. */
final class ForkedSpill implements AutoCloseable {
  private final Process process;
  private final BufferedReader lines;

  /**
   * Starts it.
   *
   * @param prefix what the shell does first, such as {@code ulimit -n 80;}, or nothing
   */
  ForkedSpill(String prefix, Class<?> program, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add("/bin/sh");
    command.add("-c");
    command.add(prefix + " exec \"$@\"");
    command.add("fork");
    command.add(ProcessHandle.current().info().command().orElseThrow());
    for (String option : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      if (option.startsWith("--add-") || option.startsWith("--enable-native")) {
        command.add(option);
      }
    }
    command.add("-Xmx64m");
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(program.getName());
    command.addAll(List.of(arguments));
    process = new ProcessBuilder(command).redirectErrorStream(true).start();
    lines = process.inputReader(StandardCharsets.UTF_8);
  }

  /** Waits for a line with this text; fails if the program ends before. */
  void await(String text) throws IOException {
    StringBuilder seen = new StringBuilder();
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.contains(text)) {
        return;
      }
      seen.append(line).append('\n');
    }
    throw new AssertionError("ended without \"" + text + "\":\n" + seen);
  }

  /** kill -9. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    if (!process.waitFor(30, TimeUnit.SECONDS)) {
      throw new AssertionError("it does not die");
    }
  }

  @Override
  public void close() throws Exception {
    kill();
    lines.close();
  }
}
