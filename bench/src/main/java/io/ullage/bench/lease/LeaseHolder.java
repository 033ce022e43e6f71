package io.ullage.bench.lease;

import io.ullage.lease.ChronicleLeaseStore;
import io.ullage.lease.Lease;
import io.ullage.lease.LeaseManager;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * Another process that holds a lease, for {@link HandOvers}: told by lines on its standard input,
 * it answers by lines on its standard output.
 */
public final class LeaseHolder implements AutoCloseable {
  private static final long PAGE_BYTES = 4096;
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  /** A JVM takes one collector only, and a holder is to start soon. */
  private static final Pattern COLLECTOR = Pattern.compile("-XX:\\+Use[A-Za-z0-9]*GC");

  private final Process process;
  private final BufferedReader out;

  private LeaseHolder(Process process) {
    this.process = process;
    this.out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /** Starts a process that touches some memory and then takes a key. */
  static LeaseHolder start(Path store, String key, long touchMebibytes) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> !COLLECTOR.matcher(argument).matches())
        .forEach(command::add);
    command.addAll(List.of("-XX:+UseSerialGC", "-Xms64m", "-Xmx64m", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(
        List.of(LeaseHolder.class.getName(), store.toString(), key, Long.toString(touchMebibytes)));
    return new LeaseHolder(
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
  }

  String line() throws IOException {
    return Objects.requireNonNull(out.readLine(), "the holder ended");
  }

  /** Waits until it has the key. */
  void awaitHeld() throws IOException {
    String line = line();
    if (!line.equals("held")) {
      throw new IllegalStateException("the holder said " + line);
    }
  }

  void tell(String word) throws IOException {
    process.getOutputStream().write((word + "\n").getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().flush();
  }

  /** Sends KILL; the reading of the clock just before. */
  long kill() {
    long now = System.nanoTime();
    process.destroyForcibly();
    return now;
  }

  void awaitEnd() throws InterruptedException {
    process.waitFor();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  /** What the other process does: arguments are store, key and mebibytes to touch. */
  public static void main(String[] arguments) throws Exception {
    MemorySegment memory = Arena.global().allocate(Long.parseLong(arguments[2]) << 20);
    for (long at = 0; at < memory.byteSize(); at += PAGE_BYTES) {
      memory.set(ValueLayout.JAVA_BYTE, at, (byte) 1);
    }
    try (ChronicleLeaseStore store = ChronicleLeaseStore.open(Path.of(arguments[0]));
        LeaseManager manager = LeaseManager.builder(store).build();
        BufferedReader in =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      while (true) {
        Lease lease = manager.acquire(arguments[1], PATIENCE);
        System.out.println("held");
        if (in.readLine() == null) {
          return;
        }
        long now = System.nanoTime();
        lease.close();
        System.out.println(now);
        if (in.readLine() == null) {
          return;
        }
      }
    }
  }
}
