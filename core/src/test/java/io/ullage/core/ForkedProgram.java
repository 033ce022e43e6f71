package io.ullage.core;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A program in a JVM of its own that does what its first argument says. */
final class ForkedProgram {
  private ForkedProgram() {}

  /** Starts it; its standard error goes to its standard output. */
  static Process start(List<String> jvmOptions, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvmOptions);
    command.add("-Xmx64m");
    command.add("-cp");
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.add(ForkedProgram.class.getName());
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  /** Waits for a line that begins so; answers all lines up to it. */
  static List<String> readUntil(Process process, String beginning) throws IOException {
    BufferedReader reader = process.inputReader(StandardCharsets.UTF_8);
    List<String> lines = new ArrayList<>();
    while (true) {
      String line = reader.readLine();
      if (line == null) {
        throw new IOException("ended before it said " + beginning + ": " + lines);
      }
      lines.add(line);
      if (line.startsWith(beginning)) {
        return lines;
      }
    }
  }

  public static void main(String[] arguments) throws Exception {
    switch (arguments[0]) {
      case "charge" -> charge(Path.of(arguments[1]));
      case "plain" -> plain();
      default -> throw new IllegalArgumentException(arguments[0]);
    }
  }

  /** Charges, and charges more when told; never closes its registry. */
  private static void charge(Path file) throws IOException {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    ComponentRegistry registry =
        ComponentRegistry.builder().limitBytes(1_000_000).counterFile(file).build();
    Component component = registry.component("a.b");
    component.charge(100);
    registry.publishCounters();
    System.out.println("ready");
    while (in.readLine() != null) {
      component.charge(200);
      System.out.println("charged");
    }
  }

  /** Does what needs no JVM option. */
  private static void plain() throws Exception {
    try (ComponentRegistry registry = ComponentRegistry.builder().limitBytes(1_000_000).build();
        ComponentRegistry second = ComponentRegistry.builder().withoutCounterFile().build()) {
      Component component = registry.component("a.b");
      for (int i = 0; i < 10_000; i++) {
        component.charge(100);
        component.discharge(100);
      }
      component.charge(1_000_000);
      Thread thread = new Thread(() -> component.tryCharge(1));
      thread.start();
      thread.join();
      second.root().charge(1);
      System.out.println(
          "done "
              + registry.root().totalReservedBytes()
              + " "
              + component.refusals()
              + " "
              + registry.creditPath()
              + " "
              + registry.counterFile().isPresent());
    }
  }
}
