package io.ullage.spill;

import static org.assertj.core.api.Assertions.assertThat;

import io.ullage.alloc.DetachedSegment;
import io.ullage.alloc.PooledSegment;
import io.ullage.core.MemoryLimitException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;

/** The memory that is set aside for what is spilled, while memory and disk are full. */
class SetAsideMemoryTest {
  private static final int HUGE = 300 << 10;
  private static final int LARGE = 200 << 10;
  private static final int SMALL = 4 << 10;

  private static SpillQueueBuilder builder(QueueFixture fixture, SpillStore store) {
    return fixture
        .builder()
        .store(store)
        .spillPolicy(new EagerPolicy())
        .whenFull(WhenFull.KEEP_RESIDENT);
  }

  /** Stops the fetching thread where it says that there is something to read. */
  private static void holdFetchingThread(Semaphore shown) {
    if (Thread.currentThread().getName().startsWith("ullage-fetch-")) {
      shown.acquireUninterruptibly();
    }
  }

  /** Offers small entries until neither memory nor disk has room; returns how many. */
  private static int fill(QueueFixture fixture, SpillWriter writer, int from) throws Exception {
    for (int i = from; ; i++) {
      DetachedSegment entry;
      try {
        entry = fixture.entry(i, SMALL);
      } catch (MemoryLimitException full) {
        return i;
      }
      try {
        writer.offer(entry, Duration.ofMillis(20));
      } catch (StoreUnavailableException | MemoryLimitException full) {
        entry.discard();
        return i;
      }
    }
  }

  @Test
  void whatIsFreedLaterDoesNotStandInForTheLargerMemoryThatWasUsed() throws Exception {
    FaultyStore store = new FaultyStore(new HeapStore());
    try (QueueFixture fixture = new QueueFixture(64 << 20)) {
      fixture.queue.setLimitBytes(4 << 20);
      try (SpillQueue queue = builder(fixture, store).build();
          SpillWriter writer = queue.writer()) {
        fixture.offer(writer, 0, LARGE);
        fixture.offer(writer, 1, LARGE);
        fixture.offer(writer, 2, SMALL);
        QueueFixture.eventually(
            () -> queue.statistics().spilledEntries() == 2, "both large ones are spilled");
        store.spillFails = call -> true;
        int end = fill(fixture, writer, 3);

        DetachedSegment first = Objects.requireNonNull(queue.poll(QueueFixture.LONG));
        try (PooledSegment inUse = first.attach()) {
          store.takesOnlyOne = call -> true;
          store.spillFails = call -> queue.statistics().spilledEntries() > 1;
          QueueFixture.eventually(
              () -> queue.statistics().spilledEntries() == 2, "a small one is spilled");
          store.spillFails = call -> true;
          assertThat(inUse.byteSize()).isEqualTo(LARGE);
        }
        end = fill(fixture, writer, end);

        fixture.expect(queue, 1, LARGE);
        for (int i = 2; i < end; i++) {
          fixture.expect(queue, i, SMALL);
        }
      }
    }
  }

  @Test
  void copiesForTheDiskDoNotTakeWhatTheNextFetchNeeds() throws Exception {
    FaultyStore store = new FaultyStore(new HeapStore());
    Semaphore shown = new Semaphore(0);
    try (QueueFixture fixture = new QueueFixture(64 << 20)) {
      fixture.queue.setLimitBytes(4 << 20);
      try (SpillQueue queue =
              builder(fixture, store).onReadable(() -> holdFetchingThread(shown)).build();
          SpillWriter writer = queue.writer()) {
        fixture.offer(writer, 0, HUGE);
        fixture.offer(writer, 1, HUGE);
        fixture.offer(writer, 2, SMALL);
        QueueFixture.eventually(
            () -> queue.statistics().spilledEntries() == 2, "both large ones are spilled");
        // One small entry is copied, and kept in the store's hand until the memory is full.
        store.held = true;
        int before = store.spills.get();
        fixture.offer(writer, 3, SMALL);
        QueueFixture.eventually(() -> store.spills.get() > before, "the store has one");
        int end = fill(fixture, writer, 4);
        store.spillFails = call -> true;
        store.held = false;
        store.spillPermits.release();
        QueueFixture.eventually(
            () -> queue.statistics().storeFailures() > 1, "more than fits the copies fails");
        end = fill(fixture, writer, end);

        DetachedSegment first = Objects.requireNonNull(queue.poll(QueueFixture.LONG));
        first.discard();
        int failures = store.spills.get();
        QueueFixture.eventually(
            () -> store.spills.get() > failures + 1, "the spilling thread could take it");
        shown.release(Integer.MAX_VALUE / 2);

        fixture.expect(queue, 1, HUGE);
        for (int i = 2; i < end; i++) {
          fixture.expect(queue, i, SMALL);
        }
      }
    }
  }

  @Test
  void whatMovesInUnderALimitOfAllDoesNotTakeWhatTheNextFetchNeeds() throws Exception {
    FaultyStore store = new FaultyStore(new HeapStore());
    Semaphore shown = new Semaphore(0);
    try (QueueFixture fixture = new QueueFixture(4 << 20)) {
      try (SpillQueue queue =
              builder(fixture, store).onReadable(() -> holdFetchingThread(shown)).build();
          SpillWriter writer = queue.writer()) {
        fixture.offer(writer, 0, LARGE);
        fixture.offer(writer, 1, LARGE);
        fixture.offer(writer, 2, SMALL);
        QueueFixture.eventually(
            () -> queue.statistics().spilledEntries() == 2, "both large ones are spilled");
        store.spillFails = call -> true;
        int end = fill(fixture, writer, 3);

        DetachedSegment first = Objects.requireNonNull(queue.poll(QueueFixture.LONG));
        first.discard();
        end = fill(fixture, writer, end);
        shown.release(Integer.MAX_VALUE / 2);

        fixture.expect(queue, 1, LARGE);
        for (int i = 2; i < end; i++) {
          fixture.expect(queue, i, SMALL);
        }
      }
    }
  }
}
