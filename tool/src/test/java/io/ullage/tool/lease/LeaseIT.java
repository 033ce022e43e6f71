package io.ullage.tool.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ullage lease} as processes, from the packaged jar. */
class LeaseIT {
  @TempDir Path folder;

  private record Ended(int exitCode, List<String> out, List<String> err) {}

  private final class Running implements AutoCloseable {
    private final Process process;
    private final Path out;
    private final Path err;

    Running(String... arguments) throws IOException {
      List<String> line = new ArrayList<>();
      line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      line.add("@" + Path.of("..", "jvm.options").toRealPath());
      line.add("-jar");
      line.add(Path.of("target", "ullage.jar").toRealPath().toString());
      line.add("lease");
      line.add(arguments[0]);
      line.add("--store");
      line.add(folder.resolve("store").toString());
      line.addAll(List.of(arguments).subList(1, arguments.length));
      out = Files.createTempFile(folder, "p", ".out");
      err = Files.createTempFile(folder, "p", ".err");
      process =
          new ProcessBuilder(line).redirectOutput(out.toFile()).redirectError(err.toFile()).start();
    }

    Ended end() throws Exception {
      return new Ended(process.waitFor(), Files.readAllLines(out), Files.readAllLines(err));
    }

    /** The first line that its command wrote: it runs. */
    String line() throws Exception {
      List<String> lines = Files.readAllLines(out);
      while (lines.isEmpty()) {
        assertThat(process.isAlive()).as(Files.readString(err)).isTrue();
        Thread.sleep(5);
        lines = Files.readAllLines(out);
      }
      return lines.getFirst();
    }

    void awaitWaiting() throws Exception {
      while (!Files.readString(err).contains("waiting up to")) {
        assertThat(process.isAlive()).as(Files.readString(err)).isTrue();
        Thread.sleep(5);
      }
    }

    void signal(String name) throws Exception {
      new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
    }

    @Override
    public void close() {
      process.destroyForcibly();
    }
  }

  private Ended run(String... arguments) throws Exception {
    try (Running running = new Running(arguments)) {
      return running.end();
    }
  }

  @Test
  void theCommandSeesKeyAndTokenAndItsExitCodeComesBack() throws Exception {
    Ended ended =
        run("exec", "k", "--", "sh", "-c", "echo $ULLAGE_LEASE_KEY $ULLAGE_FENCING_TOKEN; exit 7");

    assertThat(ended.exitCode).isEqualTo(7);
    assertThat(ended.out).singleElement().asString().matches("k [1-9][0-9]*");
    assertThat(run("exec", "k", "--", "sh", "-c", "kill -9 $$").exitCode).isEqualTo(137);
    assertThat(run("exec", "k", "--", "no-such-command").exitCode).isEqualTo(127);
    assertThat(run("exec", "k", "--ttl", "1ms", "--", "true").exitCode).isEqualTo(2);
  }

  @Test
  void aKilledHolderTakesItsCommandAlongAndAWaiterGoesOn() throws Exception {
    try (Running holder =
        new Running(
            "exec",
            "k",
            "--note",
            "first",
            "--",
            "sh",
            "-c",
            "echo $$ $ULLAGE_FENCING_TOKEN; exec sleep 60")) {
      String[] first = holder.line().split(" ", -1);
      try (Running waiter =
          new Running(
              "exec", "k", "--wait", "30s", "--", "sh", "-c", "echo $ULLAGE_FENCING_TOKEN")) {
        waiter.awaitWaiting();
        Ended refused = run("exec", "k", "--", "true");
        assertThat(refused.exitCode).isEqualTo(75);
        assertThat(refused.err)
            .singleElement()
            .asString()
            .contains("pid " + holder.process.pid(), "first");

        holder.process.destroyForcibly();

        Ended ended = waiter.end();
        assertThat(ended.exitCode).isZero();
        assertThat(Long.parseLong(ended.out.getFirst())).isGreaterThan(Long.parseLong(first[1]));
        assertThat(isRunning(Long.parseLong(first[0]))).isFalse();
      }
    }
  }

  /** Whether a process runs; one that nobody has reaped yet does not. */
  private static boolean isRunning(long pid) throws IOException {
    Path stat = Path.of("/proc", Long.toString(pid), "stat");
    if (!Files.exists(stat)) {
      return false;
    }
    String line = Files.readString(stat);
    return line.charAt(line.lastIndexOf(')') + 2) != 'Z';
  }

  @Test
  void aDeadlineEndsTheCommandWithItsCode() throws Exception {
    Ended ended = run("exec", "k", "--ttl", "3s", "--deadline", "500ms", "--", "sleep", "60");

    assertThat(ended.exitCode).isEqualTo(124);
    assertThat(ended.err).singleElement().asString().contains("deadline");
    Ended list = run("list", "--json");
    assertThat(list.out).singleElement().asString().contains("\"state\":\"free\"");
  }

  @Test
  void aSignalIsPassedOnAndTheLeaseIsReleasedAfterTheCommand() throws Exception {
    try (Running running =
        new Running(
            "exec",
            "k",
            "--",
            "sh",
            "-c",
            "trap 'echo told; exit 9' TERM; echo ready; while :; do sleep 0.1; done")) {
      assertThat(running.line()).isEqualTo("ready");
      running.signal("TERM");

      Ended ended = running.end();
      assertThat(ended.exitCode).isEqualTo(9);
      assertThat(ended.out).containsExactly("ready", "told");
    }
  }

  @Test
  void anOperatorCanTellAHolderToLetGo() throws Exception {
    try (Running running =
        new Running("exec", "k", "--", "sh", "-c", "echo ready; exec sleep 60")) {
      assertThat(running.line()).isEqualTo("ready");
      Ended listed = run("list", "--json");
      assertThat(listed.out)
          .singleElement()
          .asString()
          .contains("\"key\":\"k\"", "\"state\":\"held\"", "\"alive\":true");

      assertThat(run("release", "k", "--force", "--reason", "maintenance").exitCode).isZero();

      assertThat(running.end().exitCode).isEqualTo(76);
    }
    assertThat(run("release", "k", "--force", "--reason", "again").exitCode).isEqualTo(1);
  }

  @Test
  void findsProgramsAsAShellDoes() throws Exception {
    Path program = Files.writeString(folder.resolve("program"), "#!/bin/sh\n");

    assertThat(catchCode("program", folder.toString())).hasValue(127);
    assertThat(catchCode(program.toString(), "")).hasValue(126);
    assertThat(program.toFile().setExecutable(true)).isTrue();
    assertThat(CommandPath.find("program", "/nowhere:" + folder)).isEqualTo(program);
  }

  private static Optional<Integer> catchCode(String command, String path) {
    try {
      CommandPath.find(command, path);
      return Optional.empty();
    } catch (io.ullage.tool.frame.CommandFailure e) {
      return Optional.of(e.failure().exitCode());
    }
  }
}
