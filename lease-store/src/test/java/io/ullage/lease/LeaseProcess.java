package io.ullage.lease;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Another JVM that uses a store; what runs in it is a program of {@link LeaseProcessMain}. */
final class LeaseProcess implements AutoCloseable {
  private final Process process;
  private final BufferedReader out;

  private LeaseProcess(Process process) {
    this.process = process;
    this.out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  static LeaseProcess start(String program, Path store, String... arguments) throws IOException {
    return start(List.of(), List.of(), program, store, arguments);
  }

  /** Starts it behind a command that starts commands, with further options for its JVM. */
  static LeaseProcess start(
      List<String> prefix, List<String> jvmOptions, String program, Path store, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>(prefix);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:TieredStopAtLevel=1");
    // Those files are named by pid, and several of these are pid 1, each in a namespace of its own.
    command.add("-XX:-UsePerfData");
    command.addAll(jvmOptions);
    command.add("@" + Path.of("..", "jvm.options").toRealPath());
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(LeaseProcessMain.class.getName());
    command.add(program);
    command.add(store.toString());
    command.addAll(List.of(arguments));
    return new LeaseProcess(
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
  }

  void tell(String line) throws IOException {
    process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().flush();
  }

  /** What it says until it ends, beyond the lines that were asked for. */
  List<String> rest() {
    return out.lines().toList();
  }

  /** Whether it has said something that was not asked for yet. */
  boolean hasSpoken() {
    try {
      return out.ready();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The next line that it says. */
  String line() throws IOException {
    return Objects.requireNonNull(out.readLine(), "the process ended");
  }

  void signal(String name) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
  }

  int exitCode() throws InterruptedException {
    return process.waitFor();
  }

  long pid() {
    return process.pid();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  Process process() {
    return process;
  }
}
