package io.ullage.tool.top;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ullage.core.ComponentRegistry;
import io.ullage.core.CounterFileReader;
import io.ullage.core.internal.CounterFileLayout;
import io.ullage.tool.ToolProcess;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TopIT {
  @TempDir Path home;
  private ComponentRegistry registry;
  private Path file;

  @BeforeEach
  void open() {
    file = home.resolve("program.counters");
    registry = ComponentRegistry.builder().counterFile(file).limitBytes(1 << 20).build();
    registry.component("alpha").charge(1000);
    registry.component("beta").charge(5000);
    registry.publishCounters();
  }

  @AfterEach
  void close() {
    registry.component("alpha").discharge(1000);
    registry.component("beta").discharge(5000);
    registry.close();
  }

  @Test
  void printsOneLineOfJsonForAFile() throws Exception {
    try (ToolProcess top = ToolProcess.start(home, "top", file.toString(), "--once", "--json")) {
      assertThat(top.exitCode()).as(top.err()).isZero();
      assertThat(top.out())
          .hasLineCount(1)
          .startsWith("{\"pid\":" + ProcessHandle.current().pid() + ",\"limit_bytes\":1048576,")
          .contains("\"alpha\":{", "\"used_bytes\":5000", "\"alive\":true");
    }
  }

  @Test
  void sortsTheTableAndUsesNoColoursOutsideATerminal() throws Exception {
    try (ToolProcess top =
        ToolProcess.start(home, "top", file.toString(), "--once", "--sort", "used")) {
      assertThat(top.exitCode()).as(top.err()).isZero();
      assertThat(top.out()).doesNotContain("\u001b");
      assertThat(top.out().indexOf("root")).isLessThan(top.out().indexOf("beta"));
      assertThat(top.out().indexOf("beta")).isLessThan(top.out().indexOf("alpha"));
    }
  }

  @Test
  void inATerminalKeysSortAndQuitAndTheFiguresFollow() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/script")), "needs script, of util-linux");
    try (ToolProcess top = ToolProcess.startInTerminal(home, "top", file.toString())) {
      top.await("the table", () -> top.out().contains("alpha"));
      assertThat(top.out()).contains("sorted by name", "\u001b[");
      registry.component("beta").charge(100_000);
      registry.publishCounters();
      top.await("the new figure", () -> top.out().contains("102.5"));
      int shown = occurrences(top.out(), "used");
      top.type("s");
      top.await("the new order", () -> occurrences(top.out(), "used") > shown);
      top.type("q");
      assertThat(top.exitCode()).isZero();
    } finally {
      registry.component("beta").discharge(100_000);
    }
  }

  private static int occurrences(String text, String word) {
    return text.split(word, -1).length - 1;
  }

  @Test
  void outlivesTheProgramThatItWatchesAndSaysSo() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/script")), "needs script, of util-linux");
    try (ToolProcess program =
        ToolProcess.start(home, "run", "--total-mb", "1", "--linger", "10m")) {
      program.await("its counters", () -> isReadable(program));
      Path counters = program.counterFiles().getFirst();
      try (ToolProcess top =
          ToolProcess.startInTerminal(home, "top", Long.toString(program.pid()))) {
        top.await("the table", () -> top.out().contains("queue"));
        program.signal("KILL");
        program.exitCode();
        top.await("the death", () -> top.out().contains("dead"));
        top.type("q");
        assertThat(top.exitCode()).isZero();
      } finally {
        Files.deleteIfExists(counters);
      }
    }
  }

  private static boolean isReadable(ToolProcess program) {
    if (program.counterFiles().isEmpty()) {
      return false;
    }
    try (CounterFileReader reader = CounterFileReader.open(program.counterFiles().getFirst())) {
      return reader.components().containsKey("queue");
    } catch (IOException notYet) {
      return false;
    }
  }

  @Test
  void refusesWhatIsNoCounterFileOfThisVersion() throws Exception {
    Path other = Files.copy(file, home.resolve("other.counters"));
    try (RandomAccessFile bytes = new RandomAccessFile(other.toFile(), "rw")) {
      bytes.setLength(bytes.length() / 2); // cut
    }
    try (ToolProcess top = ToolProcess.start(home, "top", other.toString(), "--once", "--json")) {
      assertThat(top.exitCode()).isEqualTo(2);
      assertThat(top.err()).hasLineCount(1).contains(other.toString(), "files of counters");
      assertThat(top.out()).startsWith("{\"ok\":false");
    }
    Path newer = Files.copy(file, home.resolve("newer.counters"));
    try (RandomAccessFile bytes = new RandomAccessFile(newer.toFile(), "rw")) {
      bytes.seek(CounterFileLayout.VERSION_OFFSET);
      bytes.writeInt(Integer.reverseBytes(CounterFileLayout.VERSION + 1));
    }
    try (ToolProcess top = ToolProcess.start(home, "top", newer.toString(), "--once")) {
      assertThat(top.exitCode()).isEqualTo(2);
      assertThat(top.err()).hasLineCount(1).contains(newer.toString());
    }
    try (ToolProcess top =
        ToolProcess.start(home, "top", home.resolve("none").toString(), "--once")) {
      assertThat(top.exitCode()).isEqualTo(2);
      assertThat(top.err()).hasLineCount(1).contains("none");
    }
  }

  @Test
  void showsTheFileOfADeadProgramAsDeadWhenItIsNamed() throws Exception {
    Path dead = Files.copy(file, home.resolve("dead.counters"));
    long pid = deadProcess();
    try (RandomAccessFile bytes = new RandomAccessFile(dead.toFile(), "rw")) {
      long at = offsetOf(bytes, ProcessHandle.current().pid());
      bytes.seek(at);
      bytes.writeLong(Long.reverseBytes(pid));
    }
    try (ToolProcess top = ToolProcess.start(home, "top", dead.toString(), "--once", "--json")) {
      assertThat(top.exitCode()).isZero();
      assertThat(top.out()).contains("\"pid\":" + pid, "\"alive\":false");
    }
  }

  private static long deadProcess() throws Exception {
    Process process = new ProcessBuilder("true").start();
    process.waitFor();
    return process.pid();
  }

  /** Where the header holds a number. */
  private static long offsetOf(RandomAccessFile bytes, long number) throws IOException {
    for (long at = 0; at < 256; at += Long.BYTES) {
      bytes.seek(at);
      if (Long.reverseBytes(bytes.readLong()) == number) {
        return at;
      }
    }
    throw new AssertionError("the header does not hold " + number);
  }
}
