package io.ullage.spill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ullage.alloc.DetachedSegment;
import io.ullage.core.MemoryLimitException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a queue does at the limits of its memory. */
class QueueMemoryTest {
  private static final int CHUNK = 256 << 10;

  @Test
  void refusesAtTheLimitAndLeavesTheSegmentToTheCaller() throws Exception {
    try (QueueFixture fixture = new QueueFixture(1 << 20);
        SpillQueue queue = fixture.builder().offerTimeout(Duration.ZERO).build();
        SpillWriter writer = queue.writer()) {
      fixture.queue.setLimitBytes(100 << 10);
      fixture.offer(writer, 0, 64 << 10);
      DetachedSegment second = fixture.entry(1, 64 << 10);
      assertThatThrownBy(() -> writer.offer(second)).isInstanceOf(MemoryLimitException.class);
      assertThat(queue.statistics().entries()).isEqualTo(1);
      fixture.expect(queue, 0, 64 << 10);
      writer.offer(second);
      fixture.expect(queue, 1, 64 << 10);
    }
  }

  @Test
  void anOfferAtTheLimitWaitsForTheReader() throws Exception {
    try (QueueFixture fixture = new QueueFixture(1 << 20);
        SpillQueue queue = fixture.builder().offerTimeout(QueueFixture.LONG).build();
        SpillWriter writer = queue.writer();
        ExecutorService executor = Executors.newSingleThreadExecutor()) {
      fixture.queue.setLimitBytes(100 << 10);
      fixture.offer(writer, 0, 64 << 10);
      Future<?> second = executor.submit(() -> fixture.offer(writer, 1, 64 << 10));
      fixture.expect(queue, 0, 64 << 10);
      fixture.expect(queue, 1, 64 << 10);
      second.get();
    }
  }

  @Test
  void aSmallOfferDoesNotPassALargeOneThatWaits() throws Exception {
    try (QueueFixture fixture = new QueueFixture(1 << 20);
        SpillQueue queue = fixture.builder().offerTimeout(QueueFixture.LONG).build();
        SpillWriter writer = queue.writer()) {
      fixture.queue.setLimitBytes(100 << 10);
      fixture.offer(writer, 0, 64 << 10);
      Future<?> large =
          QueueFixture.waiting(
              () -> {
                fixture.offer(writer, 1, 64 << 10);
                return null;
              },
              () -> queue.statistics().waitingOffers() == 1);
      Future<?> small =
          QueueFixture.waiting(
              () -> {
                fixture.offer(writer, 2, 8 << 10);
                return null;
              },
              () -> queue.statistics().waitingOffers() == 2);
      fixture.expect(queue, 0, 64 << 10);
      fixture.expect(queue, 1, 64 << 10);
      fixture.expect(queue, 2, 8 << 10);
      large.get();
      small.get();
    }
  }

  @Test
  void aMemoryFarBelowThePolicysThresholdIsEnough(@TempDir Path directory) throws Exception {
    try (QueueFixture fixture = new QueueFixture(6 << 20);
        SpillStore store = MappedFileStore.builder(directory).build();
        SpillQueue queue =
            fixture
                .builder()
                .store(store)
                .spillPolicy(new ThresholdPolicy())
                .prefetchPolicy(PrefetchPolicy.budget(64 << 20))
                .build();
        SpillWriter writer = queue.writer()) {
      fixture.queue.setLimitBytes(4 << 20);
      for (int i = 0; i < 64; i++) {
        fixture.offer(writer, i, CHUNK);
      }
      for (int i = 0; i < 64; i++) {
        fixture.expect(queue, i, CHUNK);
      }
      assertThat(queue.statistics().spilledBytesTotal()).isGreaterThan(10 << 20);
      assertThat(queue.statistics().isBalanced()).isTrue();
      assertThat(fixture.queue.peakReservedBytes()).isLessThanOrEqualTo(4 << 20);
    }
  }

  @Test
  void anIdleQueueHoldsNoMemory() throws Exception {
    try (QueueFixture fixture = new QueueFixture(64 << 20);
        SpillStore store = new HeapStore();
        SpillQueue queue =
            fixture.builder().store(store).spillPolicy(new ThresholdPolicy(1000, 100)).build();
        SpillWriter writer = queue.writer()) {
      for (int i = 0; i < 100; i++) {
        fixture.offer(writer, i, 100);
      }
      QueueFixture.eventually(() -> queue.statistics().spilledEntries() > 0, "some are spilled");
      for (int i = 0; i < 100; i++) {
        fixture.expect(queue, i, 100);
      }
      QueueFixture.eventually(
          () -> fixture.queue.totalReservedBytes() == 0, "the memory for copies is given back");
    }
  }

  @Test
  void anOfferThatWaitsCountsNoRefusal() throws Exception {
    try (QueueFixture fixture = new QueueFixture(64 << 20);
        SpillQueue queue = fixture.builder().offerTimeout(QueueFixture.LONG).build();
        SpillWriter writer = queue.writer();
        ExecutorService executor = Executors.newSingleThreadExecutor()) {
      fixture.queue.setLimitBytes(2048);
      fixture.offer(writer, 0, 1024);
      fixture.offer(writer, 1, 1024);
      Future<?> waiting = executor.submit(() -> fixture.offer(writer, 2, 1024));
      QueueFixture.eventually(() -> queue.statistics().waitingOffers() == 1, "it waits");
      fixture.expect(queue, 0, 1024);
      waiting.get();
      fixture.expect(queue, 1, 1024);
      fixture.expect(queue, 2, 1024);
      assertThat(fixture.queue.refusals()).isZero();
      assertThat(queue.statistics().offerWaitNanos()).isPositive();
    }
  }
}
