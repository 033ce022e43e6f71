package io.ullage.spill;

import static org.assertj.core.api.Assertions.assertThat;

import io.ullage.alloc.DetachedSegment;
import io.ullage.alloc.PooledSegment;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A writer and a reader whose rates change at random for a while. */
class SoakIT {
  /** How long the writer writes; the full run sets some minutes. */
  private static final long SECONDS = Long.getLong("ullage.spill.soakSeconds", 5);

  private static final long SEED = Long.getLong("ullage.spill.seed", 25);
  private static final long LIMIT_BYTES = 16 << 20;
  private static final int LARGEST_ENTRY_BYTES = 40_000;

  /** What the heap and the compilers take by turns, and a limit's worth of pages. */
  private static final long FLAT_BYTES = 48L << 20;

  @TempDir Path directory;

  @Test
  @Timeout(value = 30, unit = TimeUnit.MINUTES)
  void nothingIsLostNothingGrowsAndTheDiskIsGivenBack() throws Exception {
    try (QueueFixture fixture = new QueueFixture(LIMIT_BYTES);
        MappedFileStore store =
            MappedFileStore.builder(directory).segmentBytes(1 << 20).recycledBytes(0).build()) {
      soak(fixture, store);
      assertThat(store.usage()).isEqualTo(StoreUsage.EMPTY);
    }
    assertThat(directory).isEmptyDirectory();
  }

  private static void soak(QueueFixture fixture, MappedFileStore store) throws Exception {
    try (SpillQueue queue =
        fixture
            .builder()
            .store(store)
            .spillPolicy(new ThresholdPolicy(4 << 20, 2 << 20))
            .prefetchPolicy(PrefetchPolicy.budget(2 << 20))
            .build()) {
      CompletableFuture<Long> written =
          CompletableFuture.supplyAsync(() -> write(fixture, queue.writer()));
      long read = read(queue, written);
      SpillQueueStatistics statistics = queue.statistics();
      assertThat(read).as("%s, seed %d", statistics, SEED).isEqualTo(written.get());
      assertThat(statistics.polledBytes()).isEqualTo(statistics.offeredBytes());
      assertThat(statistics.spilledBytesTotal()).isPositive();
      assertThat(statistics.spilledBytes()).isZero();
      assertThat(fixture.registry.root().peakReservedBytes()).isLessThanOrEqualTo(LIMIT_BYTES);
    }
  }

  /** Writes in bursts; each entry begins with its number. Returns how many there were. */
  private static long write(QueueFixture fixture, SpillWriter writer) {
    Random random = new Random(SEED);
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
    long number = 0;
    try (writer) {
      while (System.nanoTime() < end) {
        int burst = random.nextInt(4000);
        for (int i = 0; i < burst; i++) {
          int bytes =
              Long.BYTES + 1 + random.nextInt(random.nextBoolean() ? 200 : LARGEST_ENTRY_BYTES);
          PooledSegment entry =
              fixture.segments.acquire(fixture.source.token(), bytes, QueueFixture.LONG);
          entry.segment().set(ValueLayout.JAVA_LONG_UNALIGNED, 0, number);
          entry.segment().set(ValueLayout.JAVA_BYTE, bytes - 1L, (byte) bytes);
          writer.offer(entry.detach());
          number++;
        }
        // The rate: bursts and pauses of random length.
        LockSupport.parkNanos(random.nextInt(20_000_000));
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    return number;
  }

  private static long read(SpillQueue queue, CompletableFuture<Long> written) throws Exception {
    Random random = new Random(SEED + 1);
    long start = System.nanoTime();
    long earlyPeakBytes = 0;
    long number = 0;
    for (DetachedSegment next = queue.take(); next != null; next = queue.take()) {
      try (PooledSegment entry = next.attach()) {
        long bytes = entry.byteSize();
        assertThat(entry.segment().get(ValueLayout.JAVA_LONG_UNALIGNED, 0)).isEqualTo(number);
        byte last = entry.segment().get(ValueLayout.JAVA_BYTE, bytes - 1);
        assertThat(last).as("entry %d", number).isEqualTo((byte) bytes);
      }
      number++;
      if (number % 1000 == 0) {
        assertThat(queue.statistics().isBalanced()).isTrue();
        long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start);
        if (seconds < Math.max(60, SECONDS / 2)) {
          earlyPeakBytes = Math.max(earlyPeakBytes, residentBytes());
        } else {
          assertThat(residentBytes()).as("RSS").isLessThan(earlyPeakBytes + FLAT_BYTES);
        }
        // The reader's own rate, slower than the writer's at times; at the end it hurries.
        LockSupport.parkNanos(written.isDone() ? 0 : random.nextInt(12_000_000));
      }
    }
    return number;
  }

  private static long residentBytes() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("\\D", "")) << 10;
      }
    }
    return 0;
  }
}
