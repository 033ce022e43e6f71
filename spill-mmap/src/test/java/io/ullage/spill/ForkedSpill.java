package io.ullage.spill;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;

/** Another JVM with this one's class path and options. */
final class ForkedSpill implements AutoCloseable {
  private final Process process;
  private final BufferedReader lines;

  /**
   * Starts it.
   *
   * @param prefix what the shell does first, such as {@code ulimit -n 80;}, or nothing
   * @param classPath where its classes are
   */
  ForkedSpill(String prefix, String classPath, Class<?> program, String... arguments)
      throws IOException {
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
    command.add(classPath);
    command.add(program.getName());
    command.addAll(List.of(arguments));
    process = new ProcessBuilder(command).redirectErrorStream(true).start();
    lines = process.inputReader(StandardCharsets.UTF_8);
  }

  /** Starts it with this program's class path. */
  ForkedSpill(Class<?> program, String... arguments) throws IOException {
    this("", System.getProperty("java.class.path"), program, arguments);
  }

  /**
   * Returns this program's class path with each folder packed into a jar: loading a class from a
   * folder takes a file descriptor, from a jar it takes none.
   */
  static String packedClassPath(Path scratch) {
    ToolProvider jar = ToolProvider.findFirst("jar").orElseThrow();
    List<String> packed = new ArrayList<>();
    for (String place : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      if (!place.isEmpty() && Files.isDirectory(Path.of(place))) {
        String file = scratch.resolve("classes-" + packed.size() + ".jar").toString();
        int exit = jar.run(System.out, System.err, "-c", "-f", file, "-C", place, ".");
        if (exit != 0) {
          throw new AssertionError("jar ended with " + exit);
        }
        packed.add(file);
      } else if (!place.isEmpty()) {
        packed.add(place);
      }
    }
    return String.join(File.pathSeparator, packed);
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
  void kill() {
    process.destroyForcibly();
    process.onExit().join();
  }

  @Override
  public void close() throws IOException {
    kill();
    lines.close();
  }
}
