package io.ullage.spill;

import static org.assertj.core.api.Assertions.assertThat;

import io.ullage.spill.internal.store.LinuxSystemCalls;
import io.ullage.spill.internal.store.SystemCalls;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each call of the system fails: for a while, for good, or it takes very long. */
class DiskFaultTest {
  private static final int ENTRIES = 200;
  private static final int ENTRY = 9000;

  @TempDir Path directory;

  private MappedFileStore store(Path where, SystemCalls calls) throws IOException {
    return MappedFileStore.builder(where).segmentBytes(256 << 10).recycledBytes(0).build(calls);
  }

  private static SpillQueueBuilder queueOver(QueueFixture fixture, SpillStore store) {
    return fixture
        .builder()
        .store(store)
        .spillPolicy(new ThresholdPolicy(50_000, 20_000))
        .prefetchPolicy(PrefetchPolicy.budget(20_000))
        .whenFull(WhenFull.KEEP_RESIDENT);
  }

  @ParameterizedTest
  @EnumSource(FaultyCalls.Call.class)
  void anErrorAtEveryThirdCallCostsNoByteAndNoOrder(FaultyCalls.Call call) throws Exception {
    FaultyCalls calls =
        new FaultyCalls(LinuxSystemCalls.ofThisSystem(), call, number -> number % 3 == 0);
    try (QueueFixture fixture = new QueueFixture(64 << 20);
        MappedFileStore store = store(directory, calls);
        SpillQueue queue = queueOver(fixture, store).build();
        SpillWriter writer = queue.writer()) {
      for (int i = 0; i < ENTRIES; i++) {
        fixture.offer(writer, i, ENTRY);
      }
      QueueFixture.eventually(() -> queue.statistics().spilledEntries() > 40, "it spills between");
      for (int i = 0; i < ENTRIES; i++) {
        fixture.expect(queue, i, ENTRY);
      }
      assertThat(calls.asked.get()).as("calls of this kind").isPositive();
      assertThat(queue.statistics().isBalanced()).isTrue();
    }
    assertThat(directory).isEmptyDirectory();
  }

  @ParameterizedTest
  @EnumSource(
      value = FaultyCalls.Call.class,
      mode = EnumSource.Mode.EXCLUDE,
      // A kernel without fallocate is no fault, and reading is the test after this one.
      names = {"ALLOCATE", "POPULATE", "READ"})
  void anErrorAtEveryCallIsAStateOfTheStoreAndEverythingStaysInMemory(FaultyCalls.Call call)
      throws Exception {
    FaultyCalls calls = new FaultyCalls(LinuxSystemCalls.ofThisSystem(), call, number -> true);
    try (QueueFixture fixture = new QueueFixture(64 << 20);
        MappedFileStore store = store(directory, calls);
        SpillQueue queue = queueOver(fixture, store).build();
        SpillWriter writer = queue.writer()) {
      for (int i = 0; i < ENTRIES; i++) {
        fixture.offer(writer, i, ENTRY);
      }
      QueueFixture.eventually(
          () -> queue.statistics().storeState() == StoreState.WRITE_FAILED, "the state says so");
      assertThat(queue.statistics().spilledBytes()).isZero();
      QueueFixture.eventually(
          () -> store.usage().equals(StoreUsage.EMPTY), "between two attempts nothing is held");
      for (int i = 0; i < ENTRIES; i++) {
        fixture.expect(queue, i, ENTRY);
      }
    }
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void aReadErrorForGoodReachesTheReaderAndEndsWithTheFault() throws Exception {
    AtomicBoolean broken = new AtomicBoolean(true);
    FaultyCalls calls =
        new FaultyCalls(
            LinuxSystemCalls.ofThisSystem(), FaultyCalls.Call.READ, number -> broken.get());
    try (QueueFixture fixture = new QueueFixture(64 << 20);
        MappedFileStore store = store(directory, calls);
        SpillQueue queue = queueOver(fixture, store).fetchAttempts(3).build();
        SpillWriter writer = queue.writer()) {
      for (int i = 0; i < ENTRIES; i++) {
        fixture.offer(writer, i, ENTRY);
      }
      QueueFixture.eventually(() -> queue.statistics().spilledEntries() > 0, "some are spilled");
      int next = 0;
      StoreUnavailableException told = null;
      while (told == null) {
        try {
          fixture.expect(queue, next, ENTRY);
          next++;
        } catch (StoreUnavailableException e) {
          told = e;
        }
      }
      assertThat(told.state()).isEqualTo(StoreState.READ_FAILED);
      assertThat(told).hasMessageContaining("Input/output error");
      broken.set(false);
      QueueFixture.eventually(
          () -> queue.statistics().storeState() == StoreState.OK, "it is tried again");
      for (int i = next; i < ENTRIES; i++) {
        fixture.expect(queue, i, ENTRY);
      }
    }
  }

  /** Lets a write begin and holds it until it is told to go on. */
  private static final class HeldWrite implements SystemCalls {
    private final SystemCalls calls = LinuxSystemCalls.ofThisSystem();
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);

    @Override
    public int allocate(Path file, long byteSize) {
      return calls.allocate(file, byteSize);
    }

    @Override
    public int populateRead(java.lang.foreign.MemorySegment mapped) {
      return calls.populateRead(mapped);
    }

    @Override
    public int dropPages(java.lang.foreign.MemorySegment mapped) {
      return calls.dropPages(mapped);
    }

    @Override
    public int write(FileChannel file, ByteBuffer bytes, long position) throws IOException {
      begun.countDown();
      boolean interrupted = false;
      while (true) {
        try {
          goOn.await();
          break;
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
      return calls.write(file, bytes, position);
    }
  }

  @Test
  void offersAndPollsGoOnWhileAWriteTakesAsLongAsItLikes() throws Exception {
    HeldWrite calls = new HeldWrite();
    try (QueueFixture fixture = new QueueFixture(64 << 20);
        MappedFileStore store = store(directory, calls);
        SpillQueue queue = queueOver(fixture, store).build();
        SpillWriter writer = queue.writer()) {
      for (int i = 0; i < 20; i++) {
        fixture.offer(writer, i, ENTRY);
      }
      calls.begun.await();
      for (int i = 20; i < 1000; i++) {
        fixture.offer(writer, i, ENTRY);
      }
      for (int i = 0; i < 500; i++) {
        fixture.expect(queue, i, ENTRY);
      }
      assertThat(queue.statistics().spilledEntries()).as("the write is still held").isZero();
      calls.goOn.countDown();
      for (int i = 500; i < 1000; i++) {
        fixture.expect(queue, i, ENTRY);
      }
      assertThat(queue.statistics().isBalanced()).isTrue();
    }
  }

  /** Denies one kind of call on files below one directory. */
  private static final class DeniedBelow implements SystemCalls {
    private final SystemCalls calls = LinuxSystemCalls.ofThisSystem();
    private final Path denied;
    private final FaultyCalls.Call call;
    private final Set<FileChannel> files = ConcurrentHashMap.newKeySet();
    private final AtomicInteger asked = new AtomicInteger();
    private volatile boolean denies = true;

    DeniedBelow(Path denied, FaultyCalls.Call call) {
      this.denied = denied;
      this.call = call;
    }

    @Override
    public int allocate(Path file, long byteSize) {
      return calls.allocate(file, byteSize);
    }

    @Override
    public int populateRead(java.lang.foreign.MemorySegment mapped) {
      return calls.populateRead(mapped);
    }

    @Override
    public int dropPages(java.lang.foreign.MemorySegment mapped) {
      return calls.dropPages(mapped);
    }

    @Override
    public FileChannel create(Path file) throws IOException {
      boolean isBelow = file.startsWith(denied);
      if (isBelow) {
        asked.incrementAndGet();
        deny(FaultyCalls.Call.CREATE);
      }
      FileChannel created = calls.create(file);
      if (isBelow) {
        files.add(created);
      }
      return created;
    }

    @Override
    public int write(FileChannel file, ByteBuffer bytes, long position) throws IOException {
      if (files.contains(file)) {
        deny(FaultyCalls.Call.WRITE);
      }
      return calls.write(file, bytes, position);
    }

    private void deny(FaultyCalls.Call asked) throws IOException {
      if (denies && asked == call) {
        throw new AccessDeniedException(denied.toString());
      }
    }
  }

  @Test
  void aDirectoryThatFailsIsLeftAloneWhileAnotherGoesOn() throws Exception {
    Path bad = Files.createDirectory(directory.resolve("bad")).toRealPath();
    Path good = directory.resolve("good");
    DeniedBelow calls = new DeniedBelow(bad, FaultyCalls.Call.CREATE);
    try (QueueFixture fixture = new QueueFixture(64 << 20);
        MappedFileStore store =
            MappedFileStore.builder(bad)
                .directory(good)
                .segmentBytes(64 << 10)
                .recycledBytes(0)
                .build(calls);
        SpillQueue queue = queueOver(fixture, store).build();
        SpillWriter writer = queue.writer()) {
      for (int i = 0; i < ENTRIES; i++) {
        fixture.offer(writer, i, ENTRY);
      }
      QueueFixture.eventually(
          () -> store.usage().diskBytes() >= 20 * (64 << 10), "twenty files in the good directory");
      assertThat(queue.statistics().storeFailures()).isZero();
      assertThat(calls.asked.get()).as("the bad one is not asked for each file").isLessThan(10);
      DirectoryStatus first = store.directories().getFirst();
      assertThat(first.isHealthy()).isFalse();
      assertThat(first.failures()).isPositive();
      assertThat(first.message()).contains("bad");
      assertThat(store.directories().get(1).isHealthy()).isTrue();
      calls.denies = false;
      for (int i = 0; i < ENTRIES; i++) {
        fixture.expect(queue, i, ENTRY);
      }
    }
  }

  @Test
  void aDirectoryInWhichWritingFailsIsLeftForTheNext() throws Exception {
    Path bad = Files.createDirectory(directory.resolve("bad")).toRealPath();
    DeniedBelow calls = new DeniedBelow(bad, FaultyCalls.Call.WRITE);
    try (QueueFixture fixture = new QueueFixture(64 << 20);
        MappedFileStore store =
            MappedFileStore.builder(bad)
                .directory(directory.resolve("good"))
                .segmentBytes(256 << 10)
                .build(calls);
        SpillQueue queue = queueOver(fixture, store).build();
        SpillWriter writer = queue.writer()) {
      for (int i = 0; i < 20; i++) {
        fixture.offer(writer, i, ENTRY);
      }
      QueueFixture.eventually(() -> queue.statistics().spilledEntries() > 0, "it is spilled");
      assertThat(store.directories().getFirst().isHealthy()).isFalse();
      assertThat(store.directories().get(1).isHealthy()).isTrue();
      for (int i = 0; i < 20; i++) {
        fixture.expect(queue, i, ENTRY);
      }
    }
  }
}
