package io.ullage.spill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ullage.alloc.DetachedSegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The policies that go by time, rates, other components or other queues. */
class TimeAndRatePolicyTest {
  private static final long MIB = 1 << 20;

  private long now;

  /** A state in which all but the named figures are zero. */
  private record State(
      long residentBytes,
      long spilledBytes,
      long headBytes,
      long offeredBytes,
      long polledBytes,
      long bytesAboveShare)
      implements QueueState {
    @Override
    public long tailBytes() {
      return residentBytes;
    }

    @Override
    public long spillingBytes() {
      return 0;
    }

    @Override
    public long entries() {
      return 1;
    }

    @Override
    public long reservedBytes() {
      return residentBytes;
    }

    @Override
    public long limitBytes() {
      return Long.MAX_VALUE;
    }

    @Override
    public long bytesAboveShare(double share) {
      return bytesAboveShare;
    }
  }

  private static State resident(long bytes) {
    return new State(bytes, 0, bytes, bytes, 0, 0);
  }

  @Test
  void periodicSpillsOnceInAPeriod() {
    PeriodicPolicy policy = new PeriodicPolicy(Duration.ofMillis(10), 100, () -> now);
    assertThat(policy.plan(resident(1000)).isNone()).isTrue();
    now += 9_999_999;
    assertThat(policy.plan(resident(1000)).isNone()).isTrue();
    now += 1;
    assertThat(policy.plan(resident(1000))).isEqualTo(SpillPlan.allBeyond(100));
    assertThat(policy.plan(resident(1000)).isNone()).isTrue();
    assertThat(policy.lookNanos()).isEqualTo(10_000_000);
  }

  @Test
  void periodicReachesAQueueThatNobodyWritesTo() throws Exception {
    try (QueueFixture fixture = new QueueFixture(64 << 20);
        SpillStore store = new HeapStore();
        SpillQueue queue =
            fixture
                .builder()
                .store(store)
                .spillPolicy(new PeriodicPolicy(Duration.ofMillis(1), 0))
                .build();
        SpillWriter writer = queue.writer()) {
      for (int i = 0; i < 4; i++) {
        fixture.offer(writer, i, 64);
      }
      QueueFixture.eventually(() -> queue.statistics().spilledEntries() == 3, "three of four");
      for (int i = 0; i < 4; i++) {
        fixture.expect(queue, i, 64);
      }
    }
  }

  @Test
  void budgetSpillsAsMuchAsItIsAboveItsShare() {
    BudgetPolicy policy = new BudgetPolicy(0.5, 10);
    assertThat(policy.plan(new State(1000, 0, 0, 0, 0, 0)).isNone()).isTrue();
    assertThat(policy.plan(new State(1000, 0, 0, 0, 0, 70))).isEqualTo(new SpillPlan(10, 70));
    assertThat(policy.plan(new State(0, 0, 0, 0, 0, 70)).isNone()).isTrue();
  }

  @Test
  void budgetReactsToWhatOthersReserveBelowTheSameAncestor() throws Exception {
    try (QueueFixture fixture = new QueueFixture(8 * MIB);
        SpillStore store = new HeapStore();
        SpillQueue queue =
            fixture.builder().store(store).spillPolicy(new BudgetPolicy(0.75, 0)).build();
        SpillWriter writer = queue.writer()) {
      for (int i = 0; i < 32; i++) {
        fixture.offer(writer, i, 64 << 10);
      }
      assertThat(queue.statistics().spilledBytesTotal()).isZero();
      List<DetachedSegment> others = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        others.add(fixture.entry(0, MIB));
      }
      QueueFixture.eventually(
          () -> queue.statistics().spilledBytes() >= MIB / 2, "the queue makes room for others");
      others.forEach(DetachedSegment::discard);
      for (int i = 0; i < 32; i++) {
        fixture.expect(queue, i, 64 << 10);
      }
    }
  }

  @Test
  void adaptiveLearnsBothRates() {
    AdaptivePolicy policy = new AdaptivePolicy(64 * MIB, () -> now);
    long offered = 0;
    long polled = 0;
    for (int i = 0; i < 200; i++) {
      now += 10_000_000;
      offered += 3 * MIB;
      polled += MIB;
      policy.bytesToFetch(new State(0, 1, 0, offered, polled, 0));
    }
    // 300 MiB/s in, 100 MiB/s out, as in the worked example.
    assertThat(policy.bytesToFetch(new State(0, 1, 0, offered, polled, 0)))
        .isBetween(10 * MIB - 10, 10 * MIB + 10);
    assertThat(policy.plan(new State(43 * MIB, 0, 0, offered, polled, 0)).isNone()).isTrue();
    assertThat(policy.plan(new State(45 * MIB, 0, 0, offered, polled, 0)).keepBytes())
        .isBetween(10 * MIB - 10, 10 * MIB + 10);
  }

  @Test
  void adaptiveUsesAllItsMemoryWhileTheReaderKeepsUp() {
    AdaptivePolicy policy = new AdaptivePolicy(64 * MIB, () -> now);
    long bytes = 0;
    for (int i = 0; i < 200; i++) {
      now += 10_000_000;
      bytes += MIB;
      policy.plan(new State(0, 0, 0, bytes, bytes, 0));
    }
    assertThat(policy.plan(new State(64 * MIB, 0, 0, bytes, bytes, 0)).isNone()).isTrue();
    assertThat(policy.plan(new State(64 * MIB + 1, 0, 0, bytes, bytes, 0)).isNone()).isFalse();
  }

  @Test
  void aGroupSharesWhatIsTooMuchAndLeavesTheFloors() {
    GroupBudget group = new GroupBudget(1000, 100);
    SpillPolicy first = spillPolicy(group);
    SpillPolicy second = spillPolicy(group);
    SpillPolicy third = spillPolicy(group);
    assertThat(first.plan(resident(500)).isNone()).isTrue();
    assertThat(second.plan(resident(90)).isNone()).isTrue();
    assertThat(third.plan(resident(900))).isEqualTo(new SpillPlan(100, 327));
    assertThat(first.plan(resident(500))).isEqualTo(new SpillPlan(100, 164));
    assertThat(second.plan(resident(90)).isNone()).isTrue();
    assertThat(group.residentBytes()).isEqualTo(1490);
    third.queueClosed();
    assertThat(group.residentBytes()).isEqualTo(590);
    assertThat(first.plan(resident(500)).isNone()).isTrue();
  }

  private static SpillPolicy spillPolicy(GroupBudget group) {
    SpillPolicy policy = group.join().spillPolicy();
    if (policy == null) {
      throw new AssertionError("no policy");
    }
    return policy;
  }

  @Test
  void aGroupOfQueuesStaysInsideItsBudgetWhicheverIsWritten() throws Exception {
    GroupBudget group = new GroupBudget(200_000, 20_000);
    try (QueueFixture fixture = new QueueFixture(64 << 20);
        SpillStore store = new HeapStore();
        SpillQueue first = fixture.builder().store(store).policies(group::join).build();
        SpillQueue second = fixture.builder().store(store).policies(group::join).build();
        SpillWriter toFirst = first.writer();
        SpillWriter toSecond = second.writer()) {
      for (int i = 0; i < 195; i++) {
        fixture.offer(toFirst, i, 1000);
      }
      assertThat(first.statistics().spilledBytesTotal()).isZero();
      // Together 20,000 bytes too many, of which the second has 5,000 above its floor.
      for (int i = 0; i < 25; i++) {
        fixture.offer(toSecond, i, 1000);
      }
      QueueFixture.eventually(
          () -> first.statistics().residentBytes() + second.statistics().residentBytes() <= 200_000,
          "the one to which nothing is written spills, too");
      QueueFixture.eventually(
          () -> first.statistics().spilledBytesTotal() > 0, "what left memory is on its way");
      assertThat(first.statistics().residentBytes()).isGreaterThanOrEqualTo(20_000);
      assertThat(second.statistics().residentBytes()).isGreaterThanOrEqualTo(20_000);
      for (int i = 0; i < 195; i++) {
        fixture.expect(first, i, 1000);
      }
      for (int i = 0; i < 25; i++) {
        fixture.expect(second, i, 1000);
      }
    }
    assertThat(group.residentBytes()).isZero();
  }

  @Test
  void aHundredQueuesStayInsideTheBudgetOfTheirGroup() throws Exception {
    int queueCount = 100;
    int entries = 50;
    GroupBudget group = new GroupBudget(1_000_000, 2000);
    try (QueueFixture fixture = new QueueFixture(64 << 20);
        SpillStore store = new HeapStore()) {
      List<SpillQueue> queues = new ArrayList<>();
      for (int i = 0; i < queueCount; i++) {
        queues.add(fixture.builder().name("q" + i).store(store).policies(group::join).build());
      }
      for (SpillQueue queue : queues) {
        SpillWriter writer = queue.writer();
        for (int i = 0; i < entries; i++) {
          fixture.offer(writer, i, 1000);
        }
      }
      QueueFixture.eventually(
          () -> queues.stream().mapToLong(q -> q.statistics().residentBytes()).sum() <= 1_000_000,
          "5,000,000 bytes were offered");
      QueueFixture.eventually(
          () -> queues.stream().allMatch(q -> q.statistics().spillingBytes() == 0),
          "it is at rest");
      QueueFixture.eventually(
          () -> group.residentBytes() <= 1_000_000, "each queue says what it holds every 10 ms");
      for (SpillQueue queue : queues) {
        assertThat(queue.statistics().residentBytes()).as("the floor").isGreaterThan(1000);
        for (int i = 0; i < entries; i++) {
          fixture.expect(queue, i, 1000);
        }
        queue.close();
      }
    }
    assertThat(group.residentBytes()).isZero();
  }

  @Test
  void manualSpillsWhatItIsToldTo() throws Exception {
    try (QueueFixture fixture = new QueueFixture(64 << 20);
        SpillStore store = new HeapStore();
        SpillQueue queue =
            fixture.builder().store(store).spillPolicy(SpillPolicy.manual()).build();
        SpillWriter writer = queue.writer()) {
      for (int i = 0; i < 10; i++) {
        fixture.offer(writer, i, 100);
      }
      assertThat(queue.statistics().spilledBytesTotal()).isZero();
      queue.spillNow(250);
      QueueFixture.eventually(() -> queue.statistics().spilledEntries() == 3, "three of ten");
      for (int i = 0; i < 10; i++) {
        fixture.expect(queue, i, 100);
      }
    }
  }

  @Test
  void namesTheValueThatIsNotAllowed() {
    assertThatThrownBy(() -> new PeriodicPolicy(Duration.ZERO, 0)).hasMessageContaining("period");
    assertThatThrownBy(() -> new BudgetPolicy(Double.NaN, 0)).hasMessageContaining("share: NaN");
    assertThatThrownBy(() -> new AdaptivePolicy(0)).hasMessageContaining("residentBytes: 0");
    assertThatThrownBy(() -> new GroupBudget(10, 11)).hasMessageContaining("floorBytes: 11");
  }
}
