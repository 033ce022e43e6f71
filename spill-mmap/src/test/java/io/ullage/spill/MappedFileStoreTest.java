package io.ullage.spill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MappedFileStoreTest {
  @TempDir Path directory;

  @Test
  void itsFilesHaveNoName() throws Exception {
    try (QueueFixture fixture = new QueueFixture(64 << 20);
        MappedFileStore store = MappedFileStore.builder(directory).build();
        SpillQueue queue = fixture.builder().store(store).spillPolicy(new EagerPolicy()).build();
        SpillWriter writer = queue.writer()) {
      fixture.offer(writer, 0, 5000);
      fixture.offer(writer, 1, 5000);
      QueueFixture.eventually(
          () -> queue.statistics().spilledEntries() == 1, "the first is in a file");
      assertThat(store.usage().diskBytes()).isEqualTo(MappedFileStore.DEFAULT_SEGMENT_BYTES);
      assertThat(queue.statistics().mappedBytes()).isEqualTo(MappedFileStore.DEFAULT_SEGMENT_BYTES);
      assertThat(directory.toFile().list()).singleElement().asString().endsWith(".lock");
      fixture.expect(queue, 0, 5000);
    }
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void anEntryLargerThanASegmentGetsAFileOfItsOwn() throws Exception {
    try (QueueFixture fixture = new QueueFixture(64 << 20);
        MappedFileStore store =
            MappedFileStore.builder(directory)
                .segmentBytes(64 << 10)
                .recycledBytes(128 << 10)
                .build()) {
      try (SpillQueue queue =
              fixture.builder().store(store).spillPolicy(new EagerPolicy()).build();
          SpillWriter writer = queue.writer()) {
        for (int i = 0; i < 6; i++) {
          fixture.offer(writer, i, i % 2 == 0 ? 3 << 20 : 1000);
        }
        QueueFixture.eventually(() -> queue.statistics().spilledEntries() == 5, "all but the last");
        for (int i = 0; i < 6; i++) {
          fixture.expect(queue, i, i % 2 == 0 ? 3 << 20 : 1000);
        }
      }
      assertThat(store.usage().diskBytes()).isLessThanOrEqualTo(128 << 10);
    }
  }

  @Test
  void eachQueueKnowsItsOwnShareOfTheDisk() throws Exception {
    try (QueueFixture fixture = new QueueFixture(64 << 20);
        MappedFileStore store =
            MappedFileStore.builder(directory).segmentBytes(64 << 10).recycledBytes(0).build();
        SpillQueue one = fixture.builder().store(store).spillPolicy(new EagerPolicy()).build();
        SpillQueue other = fixture.builder().store(store).spillPolicy(new EagerPolicy()).build();
        SpillWriter toOne = one.writer();
        SpillWriter toOther = other.writer()) {
      for (int i = 0; i < 31; i++) {
        fixture.offer(toOne, i, 5000);
      }
      fixture.offer(toOther, 0, 5000);
      fixture.offer(toOther, 1, 5000);
      QueueFixture.eventually(() -> one.statistics().spilledEntries() == 30, "all but the last");
      QueueFixture.eventually(() -> other.statistics().spilledEntries() == 1, "all but the last");
      // 30 entries fill three files; how much of a file a batch leaves free depends on the batches.
      long ownDiskBytes = one.statistics().ownDiskBytes();
      assertThat(ownDiskBytes).isBetween(3L * (64 << 10), 30L * (64 << 10));
      assertThat(one.statistics().ownMappedBytes()).isEqualTo(ownDiskBytes);
      assertThat(other.statistics().ownDiskBytes()).isEqualTo(64 << 10);
      assertThat(other.statistics().diskBytes()).as("of both").isEqualTo(ownDiskBytes + (64 << 10));
      for (int i = 0; i < 31; i++) {
        fixture.expect(one, i, 5000);
      }
      QueueFixture.eventually(
          () -> one.statistics().ownDiskBytes() <= 64 << 10, "the file in hand stays");
    }
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void filesAreUsedAgain() throws Exception {
    try (QueueFixture fixture = new QueueFixture(64 << 20);
        MappedFileStore store =
            MappedFileStore.builder(directory)
                .segmentBytes(256 << 10)
                .recycledBytes(1 << 20)
                .build();
        SpillQueue queue =
            fixture.builder().store(store).spillPolicy(new ThresholdPolicy(100_000, 0)).build();
        SpillWriter writer = queue.writer()) {
      for (int round = 0; round < 20; round++) {
        for (int i = 0; i < 100; i++) {
          fixture.offer(writer, i, 9000);
        }
        for (int i = 0; i < 100; i++) {
          fixture.expect(queue, i, 9000);
        }
        assertThat(store.usage().diskBytes()).isLessThanOrEqualTo(3 << 20);
      }
    }
  }

  @Test
  void aDiskBudgetHoldsAndWhatDoesNotFitStaysResident() throws Exception {
    try (QueueFixture fixture = new QueueFixture(64 << 20);
        MappedFileStore store =
            MappedFileStore.builder(directory)
                .segmentBytes(256 << 10)
                .maximumDiskBytes(512 << 10)
                .build();
        SpillQueue queue =
            fixture
                .builder()
                .store(store)
                .whenFull(WhenFull.KEEP_RESIDENT)
                .spillPolicy(new EagerPolicy())
                .build();
        SpillWriter writer = queue.writer()) {
      for (int i = 0; i < 200; i++) {
        fixture.offer(writer, i, 9000);
      }
      QueueFixture.eventually(
          () -> queue.statistics().storeState() == StoreState.FULL, "the budget is spent");
      assertThat(store.usage().diskBytes()).isEqualTo(512 << 10);
      assertThat(queue.statistics().isBalanced()).isTrue();
      for (int i = 0; i < 200; i++) {
        fixture.expect(queue, i, 9000);
      }
    }
  }

  @Test
  void aFloorOfFreeSpaceIsLeftToOthers() throws Exception {
    try (QueueFixture fixture = new QueueFixture(64 << 20);
        MappedFileStore store =
            MappedFileStore.builder(directory).freeSpaceFloorBytes(Long.MAX_VALUE).build();
        SpillQueue queue = fixture.builder().store(store).spillPolicy(new EagerPolicy()).build();
        SpillWriter writer = queue.writer()) {
      fixture.offer(writer, 0, 100);
      fixture.offer(writer, 1, 100);
      QueueFixture.eventually(
          () -> queue.statistics().storeMessage().contains("floor"), "the floor is named");
      assertThat(store.usage()).isEqualTo(StoreUsage.EMPTY);
      fixture.expect(queue, 0, 100);
    }
  }

  @Test
  void givesTheDiskBackWhenItIsClosed() throws Exception {
    MappedFileStore store = MappedFileStore.builder(directory).build();
    try (QueueFixture fixture = new QueueFixture(64 << 20);
        store) {
      try (SpillQueue queue =
              fixture.builder().store(store).spillPolicy(new EagerPolicy()).build();
          SpillWriter writer = queue.writer()) {
        fixture.offer(writer, 0, 100);
        fixture.offer(writer, 1, 100);
        QueueFixture.eventually(() -> queue.statistics().spilledEntries() == 1, "a file is in use");
      }
      assertThat(store.usage().diskBytes()).isPositive();
    }
    assertThat(store.usage()).isEqualTo(StoreUsage.EMPTY);
  }

  @Test
  void makesItsDirectoryForTheOwnerOnlyAndRefusesALinkInItsPlace() throws Exception {
    Path made = directory.resolve("a/b");
    MappedFileStore.builder(made).build().close();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made)))
        .isEqualTo("rwx------");
    Path link = Files.createSymbolicLink(directory.resolve("link"), made);
    assertThatThrownBy(() -> MappedFileStore.builder(link).build())
        .isInstanceOf(NotDirectoryException.class);
  }

  @Test
  void sweepsWhatDeadProcessesLeftAndNothingElse() throws Exception {
    String dead = "ullage-spill-9999999-0000019a0123abcd-0123456789abcdef";
    Path marker = Files.createFile(directory.resolve(dead + ".lock"));
    Path left = Files.createFile(directory.resolve(dead + "-0123456789abcdef"));
    Path orphan =
        Files.createFile(
            directory.resolve(
                "ullage-spill-9999999-0000019a0123abcd-1111111111111111-0123456789abcdef"));
    Path foreign = Files.createFile(directory.resolve("ullage-spill-notes.txt"));
    Path link = Files.createSymbolicLink(directory.resolve(dead + "-1111111111111111"), foreign);
    try (MappedFileStore live = MappedFileStore.builder(directory).build()) {
      assertThat(marker).doesNotExist();
      assertThat(left).doesNotExist();
      assertThat(orphan).doesNotExist();
      assertThat(foreign).exists();
      assertThat(link).isSymbolicLink();
      assertThat(live.directories()).singleElement().matches(DirectoryStatus::isHealthy);
      MappedFileStore.builder(directory).build().close();
      assertThat(directory.toFile().list()).anyMatch(name -> name.endsWith(".lock"));
    }
    assertThat(directory.toFile().list()).noneMatch(name -> name.endsWith(".lock"));
  }

  @Test
  void namesTheValueThatIsNotAllowed() {
    assertThatThrownBy(() -> MappedFileStore.builder(directory).segmentBytes(1000))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("segmentBytes: 1000");
    assertThatThrownBy(() -> MappedFileStore.builder(directory).maximumDiskBytes(-1))
        .hasMessageContaining("maximumDiskBytes: -1");
    assertThatThrownBy(() -> new ThresholdPolicy(-1, 0)).hasMessageContaining("thresholdBytes: -1");
  }

  @Test
  void aDirectoryThatIsGoneIsAnErrorOfTheStoreAndNotOfTheCallers() throws Exception {
    Path doomed = Files.createDirectory(directory.resolve("doomed"));
    try (QueueFixture fixture = new QueueFixture(64 << 20);
        MappedFileStore store = MappedFileStore.builder(doomed).build();
        SpillQueue queue = fixture.builder().store(store).spillPolicy(new EagerPolicy()).build();
        SpillWriter writer = queue.writer()) {
      QueueFixture.deleteAll(doomed);
      fixture.offer(writer, 0, 100);
      fixture.offer(writer, 1, 100);
      QueueFixture.eventually(
          () -> queue.statistics().storeState() == StoreState.WRITE_FAILED, "the failure shows");
      fixture.expect(queue, 0, 100);
      fixture.expect(queue, 1, 100);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
