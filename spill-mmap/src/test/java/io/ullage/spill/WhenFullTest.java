package io.ullage.spill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ullage.alloc.DetachedSegment;
import io.ullage.alloc.PooledSegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Room on disk for 1 MiB, entries of 16 KiB, spilling beyond 256 KiB, memory for 4 MiB. */
class WhenFullTest {
  private static final int ENTRY = 16 << 10;

  @TempDir Path directory;

  private final QueueFixture fixture = new QueueFixture(64 << 20);
  private MappedFileStore store;

  @BeforeEach
  void open() throws Exception {
    fixture.queue.setLimitBytes(4 << 20);
    store =
        MappedFileStore.builder(directory)
            .segmentBytes(256 << 10)
            .maximumDiskBytes(1 << 20)
            .recycledBytes(1 << 20)
            .build();
  }

  @AfterEach
  void close() {
    store.close();
    fixture.close();
  }

  private SpillQueue queue(WhenFull whenFull, Duration timeout) throws Exception {
    return fixture
        .builder()
        .store(store)
        .spillPolicy(new ThresholdPolicy(256 << 10, 0))
        .whenFull(whenFull)
        .offerTimeout(timeout)
        .build();
  }

  /** Offers until the queue refuses; returns how many it took. */
  private int fill(SpillWriter writer) throws InterruptedException {
    for (int i = 0; i < 1000; i++) {
      DetachedSegment entry = fixture.entry(i, ENTRY);
      try {
        writer.offer(entry);
      } catch (StoreUnavailableException expected) {
        assertThat(expected.state()).isEqualTo(StoreState.FULL);
        entry.discard();
        return i;
      }
    }
    throw new AssertionError("never refused");
  }

  @Test
  void failRefusesAtOnceAndWhatWasAcceptedIsThere() throws Exception {
    try (SpillQueue queue = queue(WhenFull.FAIL, QueueFixture.LONG);
        SpillWriter writer = queue.writer()) {
      int accepted = fill(writer);
      // Of four files, one may hold as little as the first batch: a batch is not split.
      assertThat(queue.statistics().spilledBytes()).isGreaterThan(700 << 10);
      for (int i = 0; i < accepted; i++) {
        fixture.expect(queue, i, ENTRY);
      }
      assertThat(queue.statistics().isBalanced()).isTrue();
    }
  }

  @Test
  void keepGoesOnToTheLimitAndTheReaderStillGetsTheSpilledHead() throws Exception {
    try (SpillQueue queue = queue(WhenFull.KEEP_RESIDENT, QueueFixture.LONG);
        SpillWriter writer = queue.writer()) {
      int accepted = fill(writer);
      assertThat(queue.statistics().residentBytes()).isGreaterThan(2 << 20);
      assertThat(fixture.queue.peakReservedBytes()).isLessThanOrEqualTo(4 << 20);
      for (int i = 0; i < accepted; i++) {
        fixture.expect(queue, i, ENTRY);
      }
    }
  }

  @Test
  void blockWaitsForTheReader() throws Exception {
    try (SpillQueue queue = queue(WhenFull.BLOCK, QueueFixture.LONG);
        SpillWriter writer = queue.writer();
        ExecutorService executor = Executors.newSingleThreadExecutor()) {
      Future<?> writing =
          executor.submit(
              () -> {
                for (int i = 0; i < 400; i++) {
                  fixture.offer(writer, i, ENTRY);
                }
              });
      QueueFixture.eventually(
          () -> queue.statistics().storeState() == StoreState.FULL, "the disk is full");
      for (int i = 0; i < 400; i++) {
        fixture.expect(queue, i, ENTRY);
      }
      writing.get();
    }
  }

  @Test
  void blockRefusesAtItsTimeout() throws Exception {
    try (SpillQueue queue = queue(WhenFull.BLOCK, Duration.ofMillis(5));
        SpillWriter writer = queue.writer()) {
      int accepted = fill(writer);
      assertThat(queue.statistics().offerWaitNanos()).isPositive();
      assertThat(queue.statistics().entries()).isEqualTo(accepted);
    }
  }

  @Test
  void dropOldestKeepsTheNewestInOrderAndCountsTheOthers() throws Exception {
    try (SpillQueue queue = queue(WhenFull.DROP_OLDEST, QueueFixture.LONG)) {
      try (SpillWriter writer = queue.writer()) {
        for (int i = 0; i < 1000; i++) {
          try (PooledSegment numbered = fixture.segments.acquire(fixture.source.token(), ENTRY)) {
            numbered.segment().set(ValueLayout.JAVA_INT, 0, i);
            writer.offer(numbered.segment());
          }
        }
      }
      SpillQueueStatistics full = queue.statistics();
      assertThat(full.droppedEntries()).isPositive();
      assertThat(full.isBalanced()).as("%s", full).isTrue();
      int next = (int) full.droppedEntries();
      for (DetachedSegment taken = queue.take(); taken != null; taken = queue.take()) {
        try (PooledSegment entry = taken.attach()) {
          assertThat(entry.segment().get(ValueLayout.JAVA_INT, 0)).isEqualTo(next++);
        }
      }
      assertThat(next).isEqualTo(1000);
    }
  }

  @Test
  void theStoreIsNotAskedForEachOffer() throws Exception {
    FaultyStore failing = new FaultyStore(new HeapStore());
    failing.spillFails = call -> true;
    try (SpillQueue queue =
            fixture
                .builder()
                .store(failing)
                .spillPolicy(new EagerPolicy())
                .whenFull(WhenFull.FAIL)
                .build();
        SpillWriter writer = queue.writer()) {
      fixture.offer(writer, 0, 10);
      fixture.offer(writer, 1, 10);
      QueueFixture.eventually(
          () -> queue.statistics().storeState() == StoreState.WRITE_FAILED, "the failure shows");
      long start = System.nanoTime();
      int asked = failing.spills.get();
      for (int i = 0; i < 1000; i++) {
        DetachedSegment entry = fixture.entry(2, 10);
        assertThatThrownBy(() -> writer.offer(entry)).isInstanceOf(StoreUnavailableException.class);
        entry.discard();
      }
      int askedMeanwhile = failing.spills.get() - asked;
      // 5, 10, 20, … ms apart, and never more than a second: ten, and one for each second.
      long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start);
      assertThat(askedMeanwhile).isLessThan(12 + (int) seconds);
    }
  }
}
