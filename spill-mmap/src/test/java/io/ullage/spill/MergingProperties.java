package io.ullage.spill;

import static org.assertj.core.api.Assertions.assertThat;

import io.ullage.alloc.DetachedSegment;
import io.ullage.alloc.PooledSegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** A queue that merges, against a plain deque of bytes: the same bytes, in fewer entries. */
class MergingProperties {
  /**
   * One step of a random run.
   *
   * @param sliceBytes into slices of which size a buffer is cut
   * @param slices how many of them
   * @param skipped which of them is not offered
   * @param polls how many entries are taken afterwards
   * @param spilledBytes how much is spilled by hand before that
   */
  record Step(int sliceBytes, int slices, int skipped, int polls, int spilledBytes) {}

  @Provide
  Arbitrary<Step> steps() {
    return Arbitraries.of(0, 1, 64, 1000, 5000)
        .flatMap(
            bytes ->
                Arbitraries.integers()
                    .between(1, 30)
                    .flatMap(
                        slices ->
                            Arbitraries.integers()
                                .between(0, 60)
                                .flatMap(
                                    skipped ->
                                        Arbitraries.integers()
                                            .between(0, 6)
                                            .flatMap(
                                                polls ->
                                                    Arbitraries.of(0, 3000, 100_000)
                                                        .map(
                                                            spilled ->
                                                                new Step(
                                                                    bytes, slices, skipped, polls,
                                                                    spilled))))));
  }

  @Property(tries = 150)
  void theBytesComeOutInTheirOrder(
      @ForAll @IntRange(min = 0, max = 2) int policy,
      @ForAll boolean prefetches,
      @ForAll @Size(min = 1, max = 15) List<@net.jqwik.api.From("steps") Step> steps)
      throws Exception {
    Path directory = Files.createTempDirectory("ullage-spill-merging");
    try (QueueFixture fixture = new QueueFixture(64 << 20);
        SpillStore store = MappedFileStore.builder(directory).segmentBytes(256 << 10).build();
        SpillQueue queue =
            fixture
                .builder()
                .store(store)
                .spillPolicy(
                    switch (policy) {
                      case 0 -> new EagerPolicy();
                      case 1 -> new ThresholdPolicy(10_000, 3000);
                      default -> SpillPolicy.manual();
                    })
                .prefetchPolicy(PrefetchPolicy.budget(prefetches ? 20_000 : 0))
                .merging(true)
                .build();
        SpillWriter writer = queue.writer()) {
      Deque<Byte> model = new ArrayDeque<>();
      long offers = 0;
      for (Step step : steps) {
        offers += offer(fixture, writer, step, model);
        queue.spillNow(step.spilledBytes());
        for (int i = 0; i < step.polls(); i++) {
          DetachedSegment taken = queue.poll();
          if (taken != null) {
            check(taken, model);
          }
        }
        SpillQueueStatistics statistics = queue.statistics();
        assertThat(statistics.isBalanced()).as("%s", statistics).isTrue();
        assertThat(statistics.offeredEntries()).isLessThanOrEqualTo(offers);
        assertThat(statistics.headBytes()).isBetween(0L, statistics.residentBytes());
      }
      drain(queue, writer, model);
      assertThat(model).isEmpty();
    } finally {
      Files.delete(directory);
    }
  }

  @Example
  void adjacentSlicesAreOneEntry() throws Exception {
    try (QueueFixture fixture = new QueueFixture(16 << 20);
        SpillQueue queue = fixture.builder().merging(true).build();
        SpillWriter writer = queue.writer()) {
      Deque<Byte> model = new ArrayDeque<>();
      offer(fixture, writer, new Step(100, 10, 60, 0, 0), model);
      assertThat(queue.statistics().entries()).isEqualTo(1);
      offer(fixture, writer, new Step(100, 10, 3, 0, 0), model);
      assertThat(queue.statistics().entries()).as("one buffer more, with a hole").isEqualTo(3);
      for (int bytes : new int[] {1000, 300, 600}) {
        DetachedSegment taken = Objects.requireNonNull(queue.take());
        assertThat(taken.byteSize()).isEqualTo(bytes);
        check(taken, model);
      }
    }
  }

  /** Cuts a buffer into slices and offers all but one; returns how many. */
  private static int offer(QueueFixture fixture, SpillWriter writer, Step step, Deque<Byte> model)
      throws InterruptedException {
    long bytes = (long) step.sliceBytes() * step.slices();
    int offered = 0;
    try (PooledSegment whole = fixture.segments.acquire(fixture.queue.token(), bytes)) {
      QueueFixture.fill(whole.segment(), model.size() + bytes);
      for (int i = 0; i < step.slices(); i++) {
        DetachedSegment slice =
            whole.slice((long) i * step.sliceBytes(), step.sliceBytes()).detach();
        if (i == step.skipped()) {
          slice.discard();
          continue;
        }
        byte[] expected =
            whole
                .segment()
                .asSlice((long) i * step.sliceBytes(), step.sliceBytes())
                .toArray(ValueLayout.JAVA_BYTE);
        writer.offer(slice);
        for (byte each : expected) {
          model.add(each);
        }
        offered++;
      }
    }
    return offered;
  }

  private static void drain(SpillQueue queue, SpillWriter writer, Deque<Byte> model)
      throws InterruptedException {
    writer.close();
    for (DetachedSegment taken = queue.take(); taken != null; taken = queue.take()) {
      check(taken, model);
    }
  }

  private static void check(DetachedSegment taken, Deque<Byte> model) {
    try (PooledSegment attached = taken.attach()) {
      for (byte found : attached.segment().toArray(ValueLayout.JAVA_BYTE)) {
        assertThat(model.poll()).isEqualTo(found);
      }
    }
  }
}
