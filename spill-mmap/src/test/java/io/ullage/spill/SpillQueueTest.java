package io.ullage.spill;

import static org.assertj.core.api.Assertions.assertThat;

import io.ullage.alloc.DetachedSegment;
import io.ullage.alloc.PooledSegment;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What goes in, what comes out, and who is told. */
class SpillQueueTest {
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
}
