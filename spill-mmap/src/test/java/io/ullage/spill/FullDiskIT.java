package io.ullage.spill;

import static org.assertj.core.api.Assertions.assertThat;

import io.ullage.alloc.DetachedSegment;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Small file systems that are really full: one in memory, one on a loop device. */
class FullDiskIT {
  private static final int ENTRY = 64 << 10;

  @TempDir Path scratch;

  private Path small = Path.of("");

  /** Where the file system is. */
  enum Medium {
    TMPFS,
    LOOP_DEVICE
  }

  private void mount(Medium medium) throws Exception {
    small = Files.createDirectory(scratch.resolve("small"));
    boolean mounted =
        switch (medium) {
          case TMPFS -> run("mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", small.toString());
          case LOOP_DEVICE -> mountImage(scratch.resolve("image"));
        };
    boolean must = "true".equals(System.getenv("CI")) && medium == Medium.TMPFS;
    if (!mounted && !must) {
      Assumptions.abort("no " + medium + " can be mounted here: that takes root, and loop devices");
    }
    assertThat(mounted).as("CI can mount %s", medium).isTrue();
  }

  private boolean mountImage(Path image) throws Exception {
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(12 << 20);
    }
    return run("mkfs.ext4", "-q", "-F", "-O", "^has_journal", image.toString())
        && run("mount", "-o", "loop", image.toString(), small.toString());
  }

  @AfterEach
  void unmount() throws Exception {
    run("umount", small.toString());
  }

  private static boolean run(String... command) throws InterruptedException {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException noSuchCommand) {
      return false;
    }
  }

  @ParameterizedTest
  @CsvSource({"TMPFS, FAIL", "TMPFS, KEEP_RESIDENT", "LOOP_DEVICE, FAIL"})
  void refusesByTypeAndKeepsWhatItAccepted(Medium medium, WhenFull whenFull) throws Exception {
    mount(medium);
    try (QueueFixture fixture = new QueueFixture(32 << 20);
        MappedFileStore store = MappedFileStore.builder(small.resolve("spill")).build();
        SpillQueue queue =
            fixture
                .builder()
                .store(store)
                .spillPolicy(new ThresholdPolicy(1 << 20, 1 << 20))
                .whenFull(whenFull)
                .build();
        SpillWriter writer = queue.writer()) {
      fixture.queue.setLimitBytes(8 << 20);
      int accepted = 0;
      for (boolean full = false; !full; ) {
        DetachedSegment entry = fixture.entry(accepted, ENTRY);
        try {
          writer.offer(entry);
          accepted++;
        } catch (StoreUnavailableException refused) {
          assertThat(refused.state()).isEqualTo(StoreState.FULL);
          entry.discard();
          full = true;
        }
      }
      assertThat(queue.statistics().spilledBytes()).isGreaterThan(4 << 20);
      assertThat(fixture.queue.peakReservedBytes()).isLessThanOrEqualTo(8 << 20);
      for (int i = 0; i < accepted; i++) {
        fixture.expect(queue, i, ENTRY);
      }
      assertThat(queue.statistics().isBalanced()).isTrue();
    }
  }
}
