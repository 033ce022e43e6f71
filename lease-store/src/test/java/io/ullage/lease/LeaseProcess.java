package io.ullage.lease;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Another JVM that uses a store, and the program that runs in it. */
final class LeaseProcess implements AutoCloseable {
  private final Process process;
  private final BufferedReader out;

  private LeaseProcess(Process process) {
    this.process = process;
    this.out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  static LeaseProcess start(String program, Path store, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:TieredStopAtLevel=1");
    command.add("@" + Path.of("..", "jvm.options").toRealPath());
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(LeaseProcess.class.getName());
    command.add(program);
    command.add(store.toString());
    command.addAll(List.of(arguments));
    return new LeaseProcess(
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
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

  /** What the other JVM does. */
  public static void main(String[] arguments) throws Exception {
    Path path = Path.of(arguments[1]);
    try (LeaseStore store = ChronicleLeaseStore.open(path);
        LeaseManager manager =
            LeaseManager.builder(store).ttl(Duration.parse(arguments[2])).build()) {
      switch (arguments[0]) {
        case "hold" -> hold(manager);
        case "loop" -> loop(manager);
        case "exit-while-renewing" -> exitWhileRenewing(manager);
        default -> throw new IllegalArgumentException(arguments[0]);
      }
    }
  }

  /** Holds a key, and says at each line of stdin whether it still believes so. */
  private static void hold(LeaseManager manager) throws Exception {
    try (Lease lease = manager.acquire("k", Duration.ofSeconds(30));
        BufferedReader in =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      System.out.println(lease.token());
      long lastLook = System.nanoTime();
      boolean valid = true;
      while (valid) {
        valid = lease.isValid();
        long look = System.nanoTime();
        if (look - lastLook > 1_500_000_000L) {
          // It was stopped: this is the first look after it.
          System.out.println("woke " + valid);
        }
        lastLook = look;
        if (in.ready() && in.readLine() == null) {
          break;
        }
        Thread.sleep(1);
      }
      System.out.println("lost " + lease.loss().map(LeaseLoss::cause).orElse(null));
    }
  }

  /** Takes and gives back a few keys as fast as it can. */
  private static void loop(LeaseManager manager) {
    System.out.println("looping");
    for (long i = 0; ; i++) {
      manager.tryAcquire("k" + i % 4).ifPresent(Lease::close);
      if (i == 0) {
        System.out.println("begun");
      }
    }
  }

  /** Ends the JVM in the middle of renewals. */
  private static void exitWhileRenewing(LeaseManager manager) throws Exception {
    for (int i = 0; i < 50; i++) {
      manager.acquire("r" + i, Duration.ofSeconds(30));
    }
    Thread.sleep(60);
    System.out.println("exiting");
    Runtime.getRuntime().exit(0);
  }

  Process process() {
    return process;
  }
}
