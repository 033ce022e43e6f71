package io.ullage.lease.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is concluded from a /proc that the test writes. */
class ExitingProcessTest {
  private static final long PID = 42;
  private static final long STARTED = 1_000;
  private static final int ALIVE = 0x400040;
  private static final int EXITING = ALIVE | 0x4;

  @TempDir Path proc;

  private boolean isGone() {
    return new ExitingProcess(proc).isGone(PID, STARTED);
  }

  /** A stat line as the kernel writes it, of a command whose name tries to confuse. */
  private void write(Path folder, int flags, long startTicks) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(
        folder.resolve("stat"),
        "42 (a) R 1 (b) S 1 2 3 4 5 %d 7 8 9 10 11 12 13 14 15 16 17 18 %d 20 21 22%n"
            .formatted(flags, startTicks));
  }

  private void process(int flags, long startTicks) throws IOException {
    write(proc.resolve("42"), flags, startTicks);
  }

  private void thread(int id, int flags) throws IOException {
    write(proc.resolve("42/task/" + id), flags, STARTED);
  }

  @Test
  void aProcessThatRunsIsThere() throws IOException {
    process(ALIVE, STARTED);
    thread(42, ALIVE);

    assertThat(isGone()).isFalse();
  }

  @Test
  void aPidThatStartedAtAnotherTimeBelongsToSomebodyElse() throws IOException {
    process(ALIVE, STARTED + 1);
    thread(42, ALIVE);

    assertThat(isGone()).isTrue();
  }

  @Test
  void aProcessAllOfWhoseThreadsAreExitingIsGone() throws IOException {
    process(EXITING, STARTED);
    thread(42, EXITING);
    thread(43, EXITING);

    assertThat(isGone()).isTrue();
  }

  @Test
  void aProcessWhoseLeaderEndedIsThereWhileAnotherThreadRuns() throws IOException {
    process(EXITING, STARTED);
    thread(42, EXITING);
    thread(43, ALIVE);

    assertThat(isGone()).isFalse();
  }

  @Test
  void aProcessThatCannotBeSeenProvesNothing() throws IOException {
    assertThat(isGone()).isFalse();
    Files.createDirectories(proc.resolve("42"));
    Files.writeString(proc.resolve("42/stat"), "no such line");

    assertThat(isGone()).isFalse();
  }

  @Test
  void thisProcessIsThere() {
    ProcessIdentity self = ProcessIdentity.current();
    ExitingProcess real = new ExitingProcess(Path.of("/proc"));

    assertThat(real.isGone(self.pid(), self.startTicks())).isFalse();
    assertThat(real.isGone(self.pid(), self.startTicks() - 1)).isTrue();
  }
}
