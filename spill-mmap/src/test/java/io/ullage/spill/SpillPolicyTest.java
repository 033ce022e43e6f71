package io.ullage.spill;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SpillPolicyTest {
  @Test
  void thresholdActsStrictlyAboveReservePlusThreshold() throws Exception {
    try (QueueFixture fixture = new QueueFixture(64 << 20);
        SpillStore store = new HeapStore();
        SpillQueue queue =
            fixture.builder().store(store).spillPolicy(new ThresholdPolicy(512, 128)).build();
        SpillWriter writer = queue.writer()) {
      for (int i = 0; i < 10; i++) {
        fixture.offer(writer, i, 64);
      }
      assertThat(queue.statistics().residentBytes()).isEqualTo(640);
      fixture.offer(writer, 10, 64);
      QueueFixture.eventually(
          () -> queue.statistics().spilledEntries() == 8, "2 kept, the last kept");
      assertThat(queue.statistics().residentBytes()).isEqualTo(192);
      assertThat(queue.statistics().headBytes()).isEqualTo(128);
    }
  }

  @Test
  void theEntryThatCrossesTheReserveStays() throws Exception {
    try (QueueFixture fixture = new QueueFixture(64 << 20);
        SpillStore store = new HeapStore();
        SpillQueue queue =
            fixture.builder().store(store).spillPolicy(new ThresholdPolicy(100, 150)).build();
        SpillWriter writer = queue.writer()) {
      for (int i = 0; i < 3; i++) {
        fixture.offer(writer, i, 100);
      }
      assertThat(queue.statistics().residentBytes()).isEqualTo(300);
      QueueFixture.eventually(
          () -> queue.statistics().spilledEntries() == 0, "nothing between reserve and last");
      fixture.offer(writer, 3, 100);
      QueueFixture.eventually(() -> queue.statistics().spilledEntries() == 1, "the third of four");
      assertThat(queue.statistics().headBytes()).isEqualTo(200);
    }
  }

  @Test
  void spilledEntriesDoNotCountTowardsTheThreshold() throws Exception {
    try (QueueFixture fixture = new QueueFixture(64 << 20);
        SpillStore store = new HeapStore();
        SpillQueue queue =
            fixture.builder().store(store).spillPolicy(new ThresholdPolicy(512, 128)).build();
        SpillWriter writer = queue.writer()) {
      for (int i = 0; i < 11; i++) {
        fixture.offer(writer, i, 64);
      }
      QueueFixture.eventually(() -> queue.statistics().spilledEntries() == 8, "first step");
      for (int i = 11; i < 18; i++) {
        fixture.offer(writer, i, 64);
      }
      assertThat(queue.statistics().residentBytes()).isEqualTo(640);
      assertThat(queue.statistics().spilledEntries()).isEqualTo(8);
    }
  }

  @Test
  void eagerSpillsThreeOfFourAndKeepsTheLast() throws Exception {
    try (QueueFixture fixture = new QueueFixture(64 << 20);
        SpillStore store = new HeapStore();
        SpillQueue queue = fixture.builder().store(store).spillPolicy(new EagerPolicy()).build();
        SpillWriter writer = queue.writer()) {
      for (int i = 0; i < 4; i++) {
        fixture.offer(writer, i, 64);
      }
      QueueFixture.eventually(() -> queue.statistics().spilledEntries() == 3, "three of four");
      assertThat(queue.statistics().residentBytes()).isEqualTo(64);
      for (int i = 0; i < 4; i++) {
        fixture.expect(queue, i, 64);
      }
    }
  }

  @Test
  void aHundredSmallEntriesComeBackIdentical() throws Exception {
    try (QueueFixture fixture = new QueueFixture(64 << 20);
        SpillStore store = new HeapStore();
        SpillQueue queue =
            fixture
                .builder()
                .store(store)
                .spillPolicy(new ThresholdPolicy(512, 128))
                .prefetchPolicy(PrefetchPolicy.budget(128))
                .build();
        SpillWriter writer = queue.writer()) {
      for (int i = 0; i < 100; i++) {
        fixture.offer(writer, i, 64);
      }
      for (int i = 0; i < 100; i++) {
        fixture.expect(queue, i, 64);
      }
      assertThat(queue.poll()).isNull();
      assertThat(queue.statistics().isBalanced()).isTrue();
    }
  }
}
