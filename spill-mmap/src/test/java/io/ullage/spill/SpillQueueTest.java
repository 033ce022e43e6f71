package io.ullage.spill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ullage.alloc.DetachedSegment;
import io.ullage.alloc.PooledSegment;
import io.ullage.core.MemoryLimitException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpillQueueTest {
  private static final int CHUNK = 256 << 10;

  @Test
  void movesTheChargeAndNotTheBytes() throws Exception {
    try (QueueFixture fixture = new QueueFixture(1 << 20);
        SpillQueue queue = fixture.builder().build();
        SpillWriter writer = queue.writer()) {
      DetachedSegment entry = fixture.entry(1, 1000);
      long charged = entry.chargedBytes();
      writer.offer(entry);
      assertThat(fixture.source.ownReservedBytes()).isZero();
      assertThat(fixture.queue.ownReservedBytes()).isEqualTo(charged);
      fixture.expect(queue, 1, 1000);
      assertThat(fixture.queue.ownReservedBytes()).isZero();
    }
  }

  @Test
  void copiesWhatIsNotHandedOver() throws Exception {
    try (QueueFixture fixture = new QueueFixture(1 << 20);
        SpillQueue queue = fixture.builder().build();
        SpillWriter writer = queue.writer()) {
      byte[] bytes = new byte[777];
      QueueFixture.fill(MemorySegment.ofArray(bytes), 5);
      writer.offer(MemorySegment.ofArray(bytes));
      bytes[0]++;
      fixture.expect(queue, 5, 777);
    }
  }

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
  void callersGoOnWhileAWriteHangsAndTheReaderTakesWhatIsBeingWritten() throws Exception {
    FaultyStore store = new FaultyStore(new HeapStore());
    store.held = true;
    try (QueueFixture fixture = new QueueFixture(64 << 20);
        SpillQueue queue = fixture.builder().store(store).spillPolicy(new EagerPolicy()).build();
        SpillWriter writer = queue.writer()) {
      fixture.offer(writer, 0, 100);
      fixture.offer(writer, 1, 100);
      QueueFixture.eventually(() -> store.spills.get() == 1, "the write of entry 0 hangs");
      for (int i = 2; i < 50; i++) {
        fixture.offer(writer, i, 100);
      }
      for (int i = 0; i < 20; i++) {
        fixture.expect(queue, i, 100);
      }
      assertThat(queue.statistics().spilledBytes()).isZero();
      assertThat(queue.statistics().isBalanced()).isTrue();
      store.held = false;
      store.spillPermits.release();
      for (int i = 20; i < 50; i++) {
        fixture.expect(queue, i, 100);
      }
    }
  }

  @Test
  void whatTheReaderTookFromABatchUnderWayDoesNotComeTwice() throws Exception {
    FaultyStore store = new FaultyStore(new HeapStore());
    try (QueueFixture fixture = new QueueFixture(64 << 20);
        SpillQueue queue =
            fixture.builder().store(store).spillPolicy(new ThresholdPolicy(900, 0)).build();
        SpillWriter writer = queue.writer()) {
      store.held = true;
      for (int i = 0; i < 10; i++) {
        fixture.offer(writer, i, 100);
      }
      QueueFixture.eventually(() -> store.spills.get() == 1, "nine entries are being written");
      fixture.expect(queue, 0, 100);
      fixture.expect(queue, 1, 100);
      fixture.expect(queue, 2, 100);
      assertThat(queue.statistics().spillingBytes()).isEqualTo(600);
      store.held = false;
      store.spillPermits.release();
      QueueFixture.eventually(
          () -> queue.statistics().spilledEntries() == 6, "six of nine are published");
      assertThat(queue.statistics().isBalanced()).isTrue();
      for (int i = 3; i < 10; i++) {
        fixture.expect(queue, i, 100);
      }
    }
  }

  @Test
  void aStoreThatTakesOnlySomeIsAskedAgainForTheOthers() throws Exception {
    FaultyStore store = new FaultyStore(new HeapStore());
    store.takesOnlyOne = call -> call < 3;
    try (QueueFixture fixture = new QueueFixture(64 << 20);
        SpillQueue queue =
            fixture.builder().store(store).spillPolicy(new ThresholdPolicy(900, 0)).build();
        SpillWriter writer = queue.writer()) {
      for (int i = 0; i < 10; i++) {
        fixture.offer(writer, i, 100);
      }
      QueueFixture.eventually(
          () -> queue.statistics().spilledEntries() == 9, "in the end nine of ten");
      assertThat(store.spills.get()).isGreaterThan(3);
      for (int i = 0; i < 10; i++) {
        fixture.expect(queue, i, 100);
      }
    }
  }

  @Test
  void aStoreThatFailsForAWhileCostsTimeAndNothingElse() throws Exception {
    FaultyStore store = new FaultyStore(new HeapStore());
    store.spillFails = call -> call < 3;
    store.fetchFails = call -> call < 3;
    try (QueueFixture fixture = new QueueFixture(64 << 20);
        SpillQueue queue = fixture.builder().store(store).spillPolicy(new EagerPolicy()).build();
        SpillWriter writer = queue.writer()) {
      for (int i = 0; i < 10; i++) {
        fixture.offer(writer, i, 100);
      }
      QueueFixture.eventually(
          () -> queue.statistics().spilledEntries() == 9, "in the end nine of ten");
      for (int i = 0; i < 10; i++) {
        fixture.expect(queue, i, 100);
      }
      assertThat(queue.statistics().storeFailures()).isEqualTo(6);
      assertThat(queue.statistics().storeState()).isEqualTo(StoreState.OK);
    }
  }

  @Test
  void anUnexpectedExceptionOfAStorePoisonsTheQueueWithItsCause() throws Exception {
    FaultyStore store = new FaultyStore(new HeapStore());
    store.spillThrows = new IllegalStateException("broken store");
    try (QueueFixture fixture = new QueueFixture(64 << 20);
        SpillQueue queue = fixture.builder().store(store).spillPolicy(new EagerPolicy()).build();
        SpillWriter writer = queue.writer()) {
      fixture.offer(writer, 0, 100);
      fixture.offer(writer, 1, 100);
      QueueFixture.eventually(() -> store.spills.get() == 1, "the store is asked");
      fixture.expect(queue, 0, 100);
      fixture.expect(queue, 1, 100);
      assertThatThrownBy(() -> queue.poll(QueueFixture.LONG))
          .isInstanceOf(QueuePoisonedException.class)
          .hasRootCauseMessage("broken store");
      DetachedSegment refused = fixture.entry(2, 100);
      assertThatThrownBy(() -> writer.offer(refused)).isInstanceOf(QueuePoisonedException.class);
      refused.discard();
    }
  }

  @Test
  void anExceptionOfAPolicyPoisonsTheQueueWithItsCause() throws Exception {
    try (QueueFixture fixture = new QueueFixture(64 << 20);
        SpillStore store = new HeapStore();
        SpillQueue queue =
            fixture
                .builder()
                .store(store)
                .spillPolicy(
                    state -> {
                      throw new IllegalStateException("broken policy");
                    })
                .build();
        SpillWriter writer = queue.writer()) {
      fixture.offer(writer, 0, 100);
      fixture.expect(queue, 0, 100);
      assertThatThrownBy(queue::poll).hasRootCauseMessage("broken policy");
    }
  }

  @Test
  void theReaderGetsWhatWasOfferedBeforeAWriterFailed() throws Exception {
    try (QueueFixture fixture = new QueueFixture(64 << 20);
        SpillQueue queue = fixture.builder().build();
        SpillWriter good = queue.writer();
        SpillWriter bad = queue.writer()) {
      fixture.offer(good, 0, 100);
      fixture.offer(bad, 1, 100);
      bad.fail(new IOException("source unplugged"));
      fixture.expect(queue, 0, 100);
      fixture.expect(queue, 1, 100);
      assertThatThrownBy(queue::take)
          .isInstanceOf(QueuePoisonedException.class)
          .hasMessageContaining("a writer failed")
          .hasRootCauseMessage("source unplugged");
    }
  }

  @Test
  void endsWhenTheLastWriterIsClosed() throws Exception {
    try (QueueFixture fixture = new QueueFixture(64 << 20);
        SpillQueue queue = fixture.builder().build();
        ExecutorService executor = Executors.newSingleThreadExecutor()) {
      SpillWriter first = queue.writer();
      SpillWriter second = queue.writer();
      first.close();
      assertThat(queue.isEnded()).isFalse();
      Future<DetachedSegment> taken = executor.submit(queue::take);
      second.close();
      assertThat(taken.get()).isNull();
      assertThat(queue.isEnded()).isTrue();
      assertThatThrownBy(queue::writer).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void closingEndsWaitingReadersAndWritersAndGivesEverythingBack() throws Exception {
    try (QueueFixture fixture = new QueueFixture(1 << 20);
        ExecutorService executor = Executors.newFixedThreadPool(2)) {
      fixture.queue.setLimitBytes(100 << 10);
      SpillQueue full = fixture.builder().offerTimeout(QueueFixture.LONG).build();
      SpillWriter writer = full.writer();
      fixture.offer(writer, 0, 64 << 10);
      CountDownLatch started = new CountDownLatch(1);
      Future<?> waiting =
          executor.submit(
              () -> {
                DetachedSegment second = fixture.entry(1, 64 << 10);
                started.countDown();
                try {
                  writer.offer(second);
                } finally {
                  second.discard();
                }
                return null;
              });
      started.await();
      SpillQueue empty = fixture.builder().build();
      Future<DetachedSegment> taking = executor.submit(empty::take);
      full.close();
      empty.close();
      assertThatThrownBy(waiting::get)
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(IllegalStateException.class);
      assertThatThrownBy(taking::get)
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(IllegalStateException.class);
      assertThatThrownBy(full::poll).isInstanceOf(IllegalStateException.class);
      assertThat(full.statistics().isBalanced()).isTrue();
      assertThat(full.statistics().droppedEntries()).isEqualTo(1);
    }
  }

  @Test
  void closingWhileAWriteHangsReturnsAndTheMemoryComesBackLater() throws Exception {
    FaultyStore store = new FaultyStore(new HeapStore());
    store.held = true;
    try (QueueFixture fixture = new QueueFixture(64 << 20)) {
      SpillQueue queue =
          fixture
              .builder()
              .store(store)
              .spillPolicy(new EagerPolicy())
              .closeTimeout(Duration.ofMillis(1))
              .build();
      SpillWriter writer = queue.writer();
      fixture.offer(writer, 0, 100);
      fixture.offer(writer, 1, 100);
      QueueFixture.eventually(() -> store.spills.get() == 1, "the write hangs");
      queue.close();
      assertThat(fixture.queue.ownReservedBytes()).isPositive();
      store.spillPermits.release();
      QueueFixture.eventually(
          () -> fixture.queue.ownReservedBytes() == 0, "the spilling thread cleans up");
    }
  }

  @Test
  void itsThreadsEndWithIt(@TempDir Path directory) throws Exception {
    try (QueueFixture fixture = new QueueFixture(64 << 20);
        SpillStore store = MappedFileStore.builder(directory).build()) {
      try (SpillQueue queue = fixture.builder().name("threads").store(store).build()) {
        assertThat(threads(queue.name())).hasSize(2).allMatch(Thread::isDaemon);
      }
      assertThat(threads("threads")).isEmpty();
    }
  }

  private static List<Thread> threads(String name) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().endsWith("-" + name))
        .toList();
  }

  @Test
  void severalWritersKeepEachItsOrder() throws Exception {
    int perWriter = 2000;
    try (QueueFixture fixture = new QueueFixture(64 << 20);
        SpillStore store = new HeapStore();
        SpillQueue queue =
            fixture
                .builder()
                .store(store)
                .spillPolicy(new ThresholdPolicy(10_000, 1000))
                .prefetchPolicy(PrefetchPolicy.budget(5000))
                .build();
        ExecutorService executor = Executors.newFixedThreadPool(3)) {
      List<Future<?>> writers = new ArrayList<>();
      for (int w = 0; w < 3; w++) {
        int number = w;
        SpillWriter writer = queue.writer();
        writers.add(
            executor.submit(
                () -> {
                  try (writer) {
                    for (int i = 0; i < perWriter; i++) {
                      writer.offer(MemorySegment.ofArray(new int[] {number, i}));
                    }
                    return null;
                  }
                }));
      }
      int[] next = new int[3];
      for (DetachedSegment taken = queue.take(); taken != null; taken = queue.take()) {
        try (PooledSegment entry = taken.attach()) {
          int writer = entry.segment().get(ValueLayout.JAVA_INT, 0);
          assertThat(entry.segment().get(ValueLayout.JAVA_INT, 4)).isEqualTo(next[writer]++);
        }
      }
      for (Future<?> writer : writers) {
        writer.get();
      }
      assertThat(next).containsOnly(perWriter);
    }
  }

  @Test
  void wakesUpOnEmptyToReadableOnly() throws Exception {
    int[] calls = new int[1];
    try (QueueFixture fixture = new QueueFixture(64 << 20);
        SpillQueue queue = fixture.builder().onReadable(() -> calls[0]++).build();
        SpillWriter writer = queue.writer()) {
      fixture.offer(writer, 0, 10);
      fixture.offer(writer, 1, 10);
      assertThat(calls[0]).isEqualTo(1);
      assertThat(queue.drain(20)).hasSize(2).allSatisfy(DetachedSegment::discard);
      assertThat(queue.poll()).isNull();
      fixture.offer(writer, 2, 10);
      assertThat(calls[0]).isEqualTo(2);
    }
  }

  @Test
  void drainsUpToANumberOfBytesButAtLeastOneEntry() throws Exception {
    try (QueueFixture fixture = new QueueFixture(64 << 20);
        SpillQueue queue = fixture.builder().build();
        SpillWriter writer = queue.writer()) {
      for (int i = 0; i < 600; i++) {
        fixture.offer(writer, i, 10);
      }
      assertThat(queue.drain(0)).hasSize(1).allSatisfy(DetachedSegment::discard);
      assertThat(queue.drain(29)).hasSize(2).allSatisfy(DetachedSegment::discard);
      assertThat(queue.drain(Long.MAX_VALUE)).hasSize(597).allSatisfy(DetachedSegment::discard);
      assertThat(queue.drain(Long.MAX_VALUE)).isEmpty();
      assertThat(queue.drain(100, Duration.ofMillis(1))).isEmpty();
      assertThat(queue.statistics().isBalanced()).isTrue();
    }
  }

  @Test
  void aFetchThatFailsForGoodReachesTheReaderByTypeAndTheEntryIsStillThereLater() throws Exception {
    FaultyStore store = new FaultyStore(new HeapStore());
    store.fetchFails = call -> true;
    try (QueueFixture fixture = new QueueFixture(64 << 20);
        SpillQueue queue =
            fixture.builder().store(store).spillPolicy(new EagerPolicy()).fetchAttempts(2).build();
        SpillWriter writer = queue.writer()) {
      fixture.offer(writer, 0, 100);
      fixture.offer(writer, 1, 100);
      QueueFixture.eventually(() -> queue.statistics().spilledEntries() == 1, "the first is out");
      assertThatThrownBy(queue::take)
          .isInstanceOfSatisfying(
              StoreUnavailableException.class,
              e -> assertThat(e.state()).isEqualTo(StoreState.READ_FAILED));
      assertThatThrownBy(queue::poll).isInstanceOf(StoreUnavailableException.class);
      assertThat(queue.statistics().storeState()).isEqualTo(StoreState.READ_FAILED);
      int asked = store.fetches.get();
      for (int i = 0; i < 10_000; i++) {
        assertThatThrownBy(queue::poll).isInstanceOf(StoreUnavailableException.class);
      }
      // 20, 40, … 1000 ms apart: ten thousand polls are over after a few of these.
      assertThat(store.fetches.get() - asked).isLessThan(12);
      store.fetchFails = call -> false;
      QueueFixture.eventually(
          () -> queue.statistics().storeState() == StoreState.OK, "the store is sound again");
      fixture.expect(queue, 0, 100);
      fixture.expect(queue, 1, 100);
    }
  }

  @Test
  void countsWhatWasFetchedAheadAndWhatTheReaderHadToWaitFor() throws Exception {
    try (QueueFixture fixture = new QueueFixture(64 << 20);
        SpillStore store = new HeapStore();
        SpillQueue queue = fixture.builder().store(store).spillPolicy(new EagerPolicy()).build();
        SpillWriter writer = queue.writer()) {
      for (int i = 0; i < 11; i++) {
        fixture.offer(writer, i, 100);
      }
      QueueFixture.eventually(() -> queue.statistics().spilledEntries() == 10, "all but the last");
      for (int i = 0; i < 11; i++) {
        fixture.expect(queue, i, 100);
      }
      SpillQueueStatistics statistics = queue.statistics();
      assertThat(statistics.prefetchMisses()).isBetween(1L, 10L);
      assertThat(statistics.prefetchHits() + statistics.prefetchMisses()).isEqualTo(10);
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
