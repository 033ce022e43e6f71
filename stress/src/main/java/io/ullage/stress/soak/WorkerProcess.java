package io.ullage.stress.soak;

import io.ullage.stress.soak.HoldLedger.Hold;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A worker from outside: what it says is taken down by a thread of this process. */
final class WorkerProcess {
  private static final String HEAP = "-Xmx192m";
  private static final long READER_PATIENCE_MILLIS = 10_000;

  private final Process process;
  private final String name;
  private final SoakReport report;
  private final Thread reader;
  private long operations;
  private long checks;
  private long spilledBytes;
  private volatile boolean killed;

  private WorkerProcess(Process process, String name, SoakReport report) {
    this.process = process;
    this.name = name;
    this.report = report;
    this.reader = Thread.ofPlatform().daemon().name("soak-" + name).start(this::read);
  }

  /** Starts a worker with the options of this JVM. */
  static WorkerProcess start(String name, long seed, SoakFolders folders, SoakReport report)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(
        List.of(
            HEAP,
            "-XX:+UseSerialGC",
            "-XX:ErrorFile=" + folders.root().resolve("hs_err_%p.log"),
            "-cp",
            System.getProperty("java.class.path"),
            SoakWorker.class.getName(),
            Long.toString(seed),
            folders.counters().toString(),
            folders.spill().toString(),
            folders.leases().toString()));
    Process process =
        new ProcessBuilder(command)
            .redirectError(
                ProcessBuilder.Redirect.appendTo(folders.root().resolve("workers.log").toFile()))
            .start();
    return new WorkerProcess(process, name + ", pid " + process.pid(), report);
  }

  long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Kills it and waits for its end. */
  void kill() throws InterruptedException {
    killed = true;
    process.destroyForcibly();
    await();
  }

  /** Sends it a signal; one that has ended takes none. */
  void signal(String signal) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start().waitFor();
  }

  /** Tells it to end by itself. */
  void end() throws IOException {
    process.getOutputStream().close();
  }

  /** Waits for its end for so long, and takes down how it ended. */
  void await(long seconds) throws InterruptedException {
    if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
      report.violation(name + " does not end");
      kill();
      return;
    }
    await();
  }

  private void await() throws InterruptedException {
    int exitCode = process.waitFor();
    reader.join(READER_PATIENCE_MILLIS);
    report.ended(operations, checks, spilledBytes);
    if (exitCode != 0 && !killed) {
      report.violation(name + " ended with " + exitCode);
    }
  }

  private void read() {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.endsWith(Tally.END)) {
          take(line.substring(0, line.length() - Tally.END.length()));
        }
      }
    } catch (IOException ended) {
      // It was killed.
    }
  }

  private void take(String line) {
    String[] words = line.split(" ", -1);
    switch (words[0]) {
      case Tally.FIGURES -> {
        operations = Long.parseLong(words[1]);
        checks = Long.parseLong(words[2]);
        spilledBytes = Long.parseLong(words[3]);
      }
      case Tally.VIOLATION ->
          report.violation(name + ": " + line.substring(Tally.VIOLATION.length() + 1));
      case Tally.HOLD ->
          report.hold(
              new Hold(
                  words[1],
                  Long.parseLong(words[2]),
                  name,
                  Long.parseLong(words[3]),
                  Long.parseLong(words[4])));
      default -> report.violation(name + " said " + line);
    }
  }
}
