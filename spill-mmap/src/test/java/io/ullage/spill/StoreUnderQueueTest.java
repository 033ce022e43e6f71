package io.ullage.spill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What callers see of a store that is slow, full or failing. */
class StoreUnderQueueTest {
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
      long start = System.nanoTime();
      int asked = store.fetches.get();
      for (int i = 0; i < 10_000; i++) {
        assertThatThrownBy(queue::poll).isInstanceOf(StoreUnavailableException.class);
      }
      int askedMeanwhile = store.fetches.get() - asked;
      // 20, 40, … ms apart, and never more than a second: ten, and one for each second.
      long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start);
      assertThat(askedMeanwhile).isLessThan(12 + (int) seconds);
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
}
