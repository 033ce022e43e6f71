package io.ullage.stress.soak;

import io.ullage.alloc.ChunkPool;
import io.ullage.alloc.DetachedSegment;
import io.ullage.alloc.PooledSegment;
import io.ullage.alloc.SegmentPool;
import io.ullage.core.ComponentRegistry;
import io.ullage.core.ComponentToken;
import io.ullage.core.MemoryLimitException;
import io.ullage.spill.MappedFileStore;
import io.ullage.spill.PrefetchPolicy;
import io.ullage.spill.SpillQueue;
import io.ullage.spill.SpillQueueStatistics;
import io.ullage.spill.SpillWriter;
import io.ullage.spill.StoreUnavailableException;
import io.ullage.spill.StoreUsage;
import io.ullage.spill.ThresholdPolicy;
import io.ullage.spill.WhenFull;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.CRC32C;

/**
 * Some seconds of a writer and a reader whose rates change at random, on a disk that is full at
 * times. Each entry has a number and a checksum: what comes out is what went in, in its order, and
 * what is missing is what the queue says that it dropped.
 */
final class QueueChurn {
  private static final int HEADER_BYTES = 2 * Long.BYTES;
  private static final int LARGEST_ENTRY_BYTES = 96 << 10;
  private static final Duration LOOK = Duration.ofMillis(100);

  /** Much longer than the longest pause between two attempts to reach a store. */
  private static final long STALL_NANOS = TimeUnit.SECONDS.toNanos(30);

  private static final byte[] PAYLOAD = payload();
  private static final List<WhenFull> BEHAVIOURS = List.copyOf(EnumSet.allOf(WhenFull.class));

  private final Tally tally;
  private final ComponentRegistry registry;
  private final ChunkPool chunks;
  private final SegmentPool segments;
  private final ComponentToken source;
  private final MappedFileStore store;
  private final SpillQueue queue;
  private final boolean drops;
  private final String description;
  private volatile long written;

  private QueueChurn(Tally tally, long seed, SplittableRandom random, Path spillFolder)
      throws IOException {
    this.tally = tally;
    long limitBytes = random.nextLong(8L << 20, 24L << 20);
    registry = ComponentRegistry.builder().limitBytes(limitBytes).withoutCounterFile().build();
    chunks = ChunkPool.builder(registry).trimAfter(Duration.ofMillis(500)).build();
    segments = SegmentPool.over(chunks);
    source = registry.component("source").token();
    long recycledBytes = random.nextLong(4) << 20;
    long diskBytes = random.nextBoolean() ? random.nextLong(4L << 20, 24L << 20) : Long.MAX_VALUE;
    MappedFileStore.Builder files =
        MappedFileStore.builder(spillFolder).segmentBytes(1 << 20).recycledBytes(recycledBytes);
    if (diskBytes != Long.MAX_VALUE) {
      files.maximumDiskBytes(diskBytes);
    }
    store = files.build();
    WhenFull whenFull = BEHAVIOURS.get(random.nextInt(BEHAVIOURS.size()));
    drops = whenFull == WhenFull.DROP_OLDEST;
    ThresholdPolicy spilling =
        new ThresholdPolicy(random.nextLong(256 << 10, 3 << 20), random.nextLong(1, 1 << 20));
    long prefetchBytes = random.nextLong(1, 2 << 20);
    boolean merging = random.nextInt(4) == 0;
    description =
        "seed %d, limit %d, recycled %d, disk %d, %s, %s, prefetch %d, merging %s"
            .formatted(
                seed,
                limitBytes,
                recycledBytes,
                diskBytes,
                whenFull,
                spilling,
                prefetchBytes,
                merging);
    queue =
        SpillQueue.builder(segments, registry.component("queue").token())
            .store(store)
            .spillPolicy(spilling)
            .prefetchPolicy(PrefetchPolicy.budget(prefetchBytes))
            .whenFull(whenFull)
            .merging(merging)
            .build();
  }

  /** Runs one queue from its first entry to its last. */
  static void run(Tally tally, long seed, long millis, Path spillFolder)
      throws IOException, InterruptedException {
    SplittableRandom random = new SplittableRandom(seed);
    QueueChurn program = new QueueChurn(tally, seed, random, spillFolder);
    Churn churn = new Churn(tally);
    SplittableRandom forWriter = random.split();
    SplittableRandom forReader = random.split();
    churn.start("writer", () -> program.write(churn, forWriter));
    churn.start("reader", () -> program.read(churn, forReader));
    TimeUnit.MILLISECONDS.sleep(millis);
    churn.stop();
    churn.join();
    program.end();
  }

  private void write(Churn churn, SplittableRandom random) throws InterruptedException {
    try (SpillWriter writer = queue.writer()) {
      long number = 0;
      while (!churn.isStopped()) {
        int burst = random.nextInt(400);
        for (int i = 0; i < burst && !churn.isStopped(); i++) {
          int largest = random.nextBoolean() ? 300 : LARGEST_ENTRY_BYTES;
          if (!offer(churn, writer, number, HEADER_BYTES + random.nextInt(largest))) {
            return;
          }
          number++;
          written = number;
          tally.operation();
        }
        LockSupport.parkNanos(random.nextLong(20_000_000));
      }
    }
  }

  /** False when it was told to stop before there was room. */
  private boolean offer(Churn churn, SpillWriter writer, long number, int bytes)
      throws InterruptedException {
    PooledSegment entry = null;
    while (entry == null) {
      try {
        entry = segments.acquire(source, bytes, LOOK);
      } catch (MemoryLimitException noRoomYet) {
        if (churn.isStopped()) {
          return false;
        }
      }
    }
    fill(entry.segment(), number);
    DetachedSegment filled = entry.detach();
    while (true) {
      try {
        writer.offer(filled, LOOK);
        return true;
      } catch (MemoryLimitException | StoreUnavailableException noRoomYet) {
        if (churn.isStopped()) {
          filled.discard();
          return false;
        }
        LockSupport.parkNanos(1_000_000);
      }
    }
  }

  private void read(Churn churn, SplittableRandom random) throws InterruptedException {
    long expected = 0;
    long missing = 0;
    long progressed = System.nanoTime();
    while (true) {
      DetachedSegment next = null;
      try {
        next = queue.poll(LOOK);
      } catch (StoreUnavailableException notNow) {
        LockSupport.parkNanos(1_000_000);
      }
      if (next == null) {
        if (queue.isEnded()) {
          break;
        }
        if (!churn.isStopped()) {
          progressed = System.nanoTime();
        } else if (System.nanoTime() - progressed > STALL_NANOS) {
          tally.violation(
              "a reader gets nothing though nobody writes: %s; %s; %s; %s"
                  .formatted(
                      description,
                      queue.statistics(),
                      registry.snapshot().components(),
                      chunks.statistics()));
          return;
        }
        continue;
      }
      progressed = System.nanoTime();
      try (PooledSegment entry = next.attach()) {
        long number = number(entry.segment());
        tally.check(
            drops ? number >= expected : number == expected,
            "entries come in their order, none missing",
            "entry " + number + " after " + (expected - 1) + ", " + queue.statistics());
        missing += number - expected;
        expected = number + 1;
      }
      tally.operation();
      if (expected % 64 == 0) {
        SpillQueueStatistics statistics = queue.statistics();
        tally.check(statistics.isBalanced(), "in = out + resident + spilled + dropped", statistics);
        LockSupport.parkNanos(churn.isStopped() ? 0 : random.nextLong(30_000_000));
      }
    }
    SpillQueueStatistics statistics = queue.statistics();
    missing += written - expected;
    tally.check(
        statistics.droppedEntries() == missing,
        "what is missing is what was dropped",
        missing + " missing, " + statistics);
    tally.spilled(statistics.spilledBytesTotal());
  }

  private void end() {
    queue.close();
    store.close();
    tally.check(
        store.usage().equals(StoreUsage.EMPTY), "a closed store holds nothing", store.usage());
    chunks.close();
    tally.check(
        registry.root().totalReservedBytes() == 0,
        "nothing is reserved after the end of a queue",
        registry.snapshot().components());
    registry.close();
  }

  private static void fill(MemorySegment entry, long number) {
    long bytes = entry.byteSize() - HEADER_BYTES;
    int from = (int) Math.floorMod(number * 31, (long) PAYLOAD.length - bytes);
    MemorySegment.copy(MemorySegment.ofArray(PAYLOAD), from, entry, HEADER_BYTES, bytes);
    entry.set(ValueLayout.JAVA_LONG_UNALIGNED, 0, number);
    entry.set(ValueLayout.JAVA_LONG_UNALIGNED, Long.BYTES, checksum(entry));
  }

  /** The number of an entry, whose bytes must be those that were written. */
  private long number(MemorySegment entry) {
    long stored = entry.get(ValueLayout.JAVA_LONG_UNALIGNED, Long.BYTES);
    long actual = checksum(entry);
    tally.check(stored == actual, "bytes come out as they went in", stored + " and " + actual);
    return entry.get(ValueLayout.JAVA_LONG_UNALIGNED, 0);
  }

  private static long checksum(MemorySegment entry) {
    CRC32C crc = new CRC32C();
    crc.update(entry.asSlice(HEADER_BYTES).asByteBuffer());
    crc.update(entry.asSlice(0, Long.BYTES).asByteBuffer());
    return crc.getValue();
  }

  private static byte[] payload() {
    byte[] bytes = new byte[4 * LARGEST_ENTRY_BYTES];
    new SplittableRandom(42).nextBytes(bytes);
    return bytes;
  }
}
