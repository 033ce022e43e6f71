package io.ullage.spill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ullage.alloc.DetachedSegment;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a queue ends: by its writers, by a failure, by being closed. */
class QueueEndTest {
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
      assertThat(queue.statistics().asMap())
          .containsEntry("problem", "the spill policy failed: broken policy");
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
  void aSoundQueueHasNoProblemToShow() throws Exception {
    try (QueueFixture fixture = new QueueFixture(64 << 20);
        SpillQueue queue = fixture.builder().build()) {
      assertThat(queue.statistics().asMap())
          .doesNotContainKey("problem")
          .containsEntry("component", "queue");
    }
  }

  @Test
  void endsWhenTheLastWriterIsClosed() throws Exception {
    try (QueueFixture fixture = new QueueFixture(64 << 20);
        SpillQueue queue = fixture.builder().build()) {
      SpillWriter first = queue.writer();
      SpillWriter second = queue.writer();
      first.close();
      assertThat(queue.isEnded()).isFalse();
      Future<DetachedSegment> taken = QueueFixture.waiting(queue::take);
      second.close();
      assertThat(taken.get(QueueFixture.LONG.toSeconds(), TimeUnit.SECONDS)).isNull();
      assertThat(queue.isEnded()).isTrue();
      assertThatThrownBy(queue::writer).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void closingEndsWaitingReadersAndWritersAndGivesEverythingBack() throws Exception {
    try (QueueFixture fixture = new QueueFixture(1 << 20)) {
      fixture.queue.setLimitBytes(100 << 10);
      SpillQueue full = fixture.builder().offerTimeout(QueueFixture.LONG).build();
      SpillWriter writer = full.writer();
      fixture.offer(writer, 0, 64 << 10);
      Future<?> waiting =
          QueueFixture.waiting(
              () -> {
                DetachedSegment second = fixture.entry(1, 64 << 10);
                try {
                  writer.offer(second);
                } finally {
                  second.discard();
                }
                return null;
              });
      SpillQueue empty = fixture.builder().build();
      Future<DetachedSegment> taking = QueueFixture.waiting(empty::take);
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
}
