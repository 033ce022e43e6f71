package io.ullage.spill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ullage.alloc.DetachedSegment;
import io.ullage.alloc.PooledSegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.function.LongPredicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Some of the entries in a file are not what was written. */
class WhenDamagedTest {
  private static final int ENTRIES = 101;
  private static final int ENTRY = 1000;

  /** 31 × 223 = 6913 = 27 × 256 + 1. */
  private static final int INVERSE_OF_31 = 223;

  @TempDir Path directory;

  /** Runs with all but the last entry spilled, and gives the queue and its writer's end away. */
  private void run(WhenDamaged whenDamaged, LongPredicate damages, Reading reading)
      throws Exception {
    try (QueueFixture fixture = new QueueFixture(64 << 20);
        MappedFileStore store =
            MappedFileStore.builder(directory)
                .segmentBytes(64 << 10)
                .build(new FlippingCalls(ENTRY, damages));
        SpillQueue queue =
            fixture
                .builder()
                .store(store)
                .spillPolicy(new EagerPolicy())
                .whenDamaged(whenDamaged)
                .build()) {
      try (SpillWriter writer = queue.writer()) {
        for (int i = 0; i < ENTRIES; i++) {
          fixture.offer(writer, i, ENTRY);
        }
      }
      QueueFixture.eventually(
          () -> queue.statistics().spilledEntries() == ENTRIES - 1, "all but the last");
      reading.read(fixture, queue);
      assertThat(queue.statistics().isBalanced()).isTrue();
    }
  }

  private interface Reading {
    void read(QueueFixture fixture, SpillQueue queue) throws Exception;
  }

  @Test
  void failNamesTheEntryBehindAllThatAreSound() throws Exception {
    run(
        WhenDamaged.FAIL,
        sequence -> sequence == 37,
        (fixture, queue) -> {
          for (int i = 0; i < 37; i++) {
            fixture.expect(queue, i, ENTRY);
          }
          assertThatThrownBy(queue::take)
              .isInstanceOf(QueuePoisonedException.class)
              .cause()
              .isInstanceOfSatisfying(
                  SpillDamageException.class,
                  damage -> assertThat(damage.sequence()).isEqualTo(37));
        });
  }

  @Test
  void skipLosesThatEntryCountsItAndGoesOn() throws Exception {
    run(
        WhenDamaged.SKIP,
        sequence -> sequence % 7 == 3 || sequence % 7 == 4,
        (fixture, queue) -> {
          int lost = 0;
          for (int i = 0; i < ENTRIES; i++) {
            if (i % 7 == 3 || i % 7 == 4) {
              lost++;
            } else {
              fixture.expect(queue, i, ENTRY);
            }
          }
          assertThat(queue.take()).isNull();
          SpillQueueStatistics statistics = queue.statistics();
          assertThat(statistics.damagedEntries()).isEqualTo(lost);
          assertThat(statistics.damagedBytes()).isEqualTo(lost * (long) ENTRY);
          assertThat(statistics.droppedEntries()).isEqualTo(lost);
          assertThat(statistics.storeState()).isEqualTo(StoreState.OK);
        });
  }

  @Test
  void skipPassesOverRunsOfWhichNothingIsLeft() throws Exception {
    run(
        WhenDamaged.SKIP,
        sequence -> true,
        (fixture, queue) -> {
          fixture.expect(queue, ENTRIES - 1, ENTRY);
          assertThat(queue.take()).isNull();
          assertThat(queue.isEnded()).isTrue();
          assertThat(queue.statistics().damagedEntries()).isEqualTo(ENTRIES - 1);
        });
  }

  @Test
  void skipWorksAheadOfTheReader() throws Exception {
    try (QueueFixture fixture = new QueueFixture(64 << 20);
        MappedFileStore store =
            MappedFileStore.builder(directory)
                .segmentBytes(64 << 10)
                .build(new FlippingCalls(ENTRY, sequence -> sequence % 2 == 1));
        SpillQueue queue =
            fixture
                .builder()
                .store(store)
                .spillPolicy(new ThresholdPolicy(10_000, 5000))
                .prefetchPolicy(PrefetchPolicy.budget(20_000))
                .whenDamaged(WhenDamaged.SKIP)
                .build()) {
      try (SpillWriter writer = queue.writer()) {
        for (int i = 0; i < ENTRIES; i++) {
          fixture.offer(writer, i, ENTRY);
        }
      }
      int last = -1;
      for (DetachedSegment taken = queue.take(); taken != null; taken = queue.take()) {
        // 31 is odd, so the first byte names one of 256 entries.
        int number = Byte.toUnsignedInt((byte) (firstByte(taken) * INVERSE_OF_31));
        assertThat(number).isGreaterThan(last);
        last = number;
      }
      assertThat(last).isEqualTo(ENTRIES - 1);
      SpillQueueStatistics statistics = queue.statistics();
      assertThat(statistics.polledEntries() + statistics.damagedEntries()).isEqualTo(ENTRIES);
      assertThat(statistics.isBalanced()).isTrue();
    }
  }

  private static byte firstByte(DetachedSegment taken) {
    try (PooledSegment entry = taken.attach()) {
      return entry.segment().get(ValueLayout.JAVA_BYTE, 0);
    }
  }
}
