package io.ullage.spill;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real faults of a real system: no descriptors, a file system that turns read-only, a full one. */
class BrokenMediumIT {
  private static final int ENTRY = 9000;

  @TempDir Path scratch;

  private Path mounted;

  @BeforeEach
  void makeMountPoint() throws IOException {
    mounted = Files.createDirectory(scratch.resolve("mounted"));
  }

  @AfterEach
  void unmount() throws Exception {
    run("umount", mounted.toString());
  }

  private static boolean run(String... command) throws InterruptedException {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException noSuchCommand) {
      return false;
    }
  }

  @Test
  void withoutDescriptorsTheStoreFailsByNameAndNothingIsLost() throws Exception {
    String classPath = ForkedSpill.packedClassPath(scratch);
    try (ForkedSpill program =
        new ForkedSpill(
            "ulimit -n 120;", classPath, DescriptorsProgram.class, mounted.toString())) {
      program.await("Too many open files");
      program.await("all there");
    }
  }

  @Test
  void aFileSystemThatTurnsReadOnlyIsAStateAndOffersGoOn() throws Exception {
    Assumptions.assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "size=32m", "tmpfs", mounted.toString()),
        "mounting is not allowed here");
    try (QueueFixture fixture = new QueueFixture(64 << 20);
        MappedFileStore store =
            MappedFileStore.builder(mounted).segmentBytes(64 << 10).recycledBytes(0).build();
        SpillQueue queue =
            fixture
                .builder()
                .store(store)
                .spillPolicy(new EagerPolicy())
                .whenFull(WhenFull.KEEP_RESIDENT)
                .build();
        SpillWriter writer = queue.writer()) {
      for (int i = 0; i < 3; i++) {
        fixture.offer(writer, i, ENTRY);
      }
      QueueFixture.eventually(() -> queue.statistics().spilledEntries() == 2, "all but the last");
      // A file system with open files does not turn read-only, but a second mount of it does.
      Assumptions.assumeTrue(
          run("mount", "--bind", mounted.toString(), mounted.toString())
              && run("mount", "-o", "remount,bind,ro", mounted.toString()),
          "remounting is not allowed here");
      try {
        for (int i = 3; i < 12; i++) {
          fixture.offer(writer, i, ENTRY);
        }
        QueueFixture.eventually(
            () -> queue.statistics().storeMessage().contains("Read-only"), "the state says so");
        for (int i = 0; i < 12; i++) {
          fixture.expect(queue, i, ENTRY);
        }
      } finally {
        run("umount", mounted.toString());
      }
    }
  }

  @Test
  void aFullBlockDeviceIsFullByTypeAndWhatWasAcceptedIsThere() throws Exception {
    Path image = scratch.resolve("image");
    Assumptions.assumeTrue(
        run("dd", "if=/dev/zero", "of=" + image, "bs=1M", "count=16")
            && run("mkfs.ext4", "-q", "-F", image.toString()),
        "no ext4 can be made here");
    Assumptions.assumeTrue(
        run("mount", "-o", "loop", image.toString(), mounted.toString()),
        "no loop device can be mounted here");
    try (QueueFixture fixture = new QueueFixture(64 << 20);
        MappedFileStore store =
            MappedFileStore.builder(mounted.resolve("spill")).segmentBytes(1 << 20).build();
        SpillQueue queue =
            fixture
                .builder()
                .store(store)
                .spillPolicy(new EagerPolicy())
                .whenFull(WhenFull.KEEP_RESIDENT)
                .build();
        SpillWriter writer = queue.writer()) {
      for (int i = 0; i < 3000; i++) {
        fixture.offer(writer, i, ENTRY);
      }
      QueueFixture.eventually(
          () -> queue.statistics().storeState() == StoreState.FULL, "the device is full");
      assertThat(queue.statistics().spilledBytes()).isGreaterThan(4 << 20);
      for (int i = 0; i < 3000; i++) {
        fixture.expect(queue, i, ENTRY);
      }
      assertThat(queue.statistics().isBalanced()).isTrue();
    }
  }
}
