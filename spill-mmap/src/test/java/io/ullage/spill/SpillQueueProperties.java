package io.ullage.spill;

import static org.assertj.core.api.Assertions.assertThat;

import io.ullage.alloc.DetachedSegment;
import io.ullage.spill.internal.store.LinuxSystemCalls;
import io.ullage.spill.internal.store.SystemCalls;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.function.Supplier;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;

/** Any policy, store and fault plan against a plain deque: the same bytes in the same order. */
class SpillQueueProperties {
  /**
   * One step of a random run: how many entries to offer, of about which size, and how many to take
   * afterwards.
   */
  record Step(int offers, int byteSize, int polls, boolean blocking) {}

  enum Store {
    HEAP,
    MAPPED,
    /** One of the system's calls fails now and then. */
    FAULTY_FILES,
    PINNED;

    SpillStore open(Path directory, Random faults) throws IOException {
      return switch (this) {
        case HEAP -> new HeapStore();
        case MAPPED -> files(directory).build();
        case FAULTY_FILES -> files(directory).build(faultyCalls(faults));
        case PINNED -> new PinnedStore(32 << 20);
      };
    }

    private static MappedFileStore.Builder files(Path directory) {
      return MappedFileStore.builder(directory).segmentBytes(256 << 10).recycledBytes(512 << 10);
    }

    private static SystemCalls faultyCalls(Random faults) {
      FaultyCalls.Call[] calls = FaultyCalls.Call.values();
      // A batch is written by two calls at times: of those, one of every two would always fail.
      int period = 3 + faults.nextInt(4);
      return new FaultyCalls(
          LinuxSystemCalls.ofThisSystem(),
          calls[faults.nextInt(calls.length)],
          number -> number % period == 0);
    }
  }

  private static final Store[] STORES =
      mayLockMemory() ? Store.values() : new Store[] {Store.HEAP, Store.MAPPED, Store.FAULTY_FILES};

  private static boolean mayLockMemory() {
    try (SpillStore store = new PinnedStore(32 << 20);
        SpillSession session = store.open(1);
        Arena arena = Arena.ofConfined()) {
      session.release(session.spill(SpillBatch.single(0, arena.allocate(1))));
      return true;
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }

  @Provide
  Arbitrary<Store> stores() {
    return Arbitraries.of(STORES);
  }

  @Provide
  Arbitrary<Step> steps() {
    return Arbitraries.integers()
        .between(0, 40)
        .flatMap(
            offers ->
                Arbitraries.of(0, 1, 63, 64, 65, 500, 4096, 5000, 70_000)
                    .flatMap(
                        byteSize ->
                            Arbitraries.integers()
                                .between(0, 50)
                                .flatMap(
                                    polls ->
                                        Arbitraries.of(true, false)
                                            .map(b -> new Step(offers, byteSize, polls, b)))));
  }

  @Provide
  Arbitrary<Supplier<SpillPolicy>> spillPolicies() {
    return Arbitraries.of(
        List.of(
            EagerPolicy::new,
            SpillPolicy::manual,
            () -> new ThresholdPolicy(0, 0),
            () -> new ThresholdPolicy(512, 128),
            () -> new ThresholdPolicy(10_000, 3000),
            () -> new ThresholdPolicy(200_000, 100_000),
            () -> new PeriodicPolicy(Duration.ofNanos(100_000), 1000),
            () -> new BudgetPolicy(0.3, 500),
            () -> new AdaptivePolicy(50_000),
            () -> Objects.requireNonNull(new GroupBudget(20_000, 2000).join().spillPolicy()),
            () -> state -> new SpillPlan(state.entries() % 700, state.entries() % 5 * 100)));
  }

  @Provide
  Arbitrary<PrefetchPolicy> prefetchPolicies() {
    return Arbitraries.of(
        state -> 0L,
        PrefetchPolicy.budget(128),
        PrefetchPolicy.budget(20_000),
        PrefetchPolicy.budget(1 << 30));
  }

  @Property(tries = 200)
  void whatComesOutIsWhatWentIn(
      @ForAll("spillPolicies") Supplier<SpillPolicy> spillPolicy,
      @ForAll("prefetchPolicies") PrefetchPolicy prefetchPolicy,
      @ForAll("stores") Store kind,
      @ForAll long faultSeed,
      @ForAll boolean faulty,
      @ForAll boolean tight,
      @ForAll boolean manual,
      @ForAll @Size(min = 1, max = 12) List<@net.jqwik.api.From("steps") Step> steps)
      throws Exception {
    Path directory = Files.createTempDirectory("ullage-spill-properties");
    try (QueueFixture fixture = new QueueFixture(64 << 20);
        SpillStore real = kind.open(directory, new Random(faultSeed))) {
      if (tight) {
        fixture.queue.setLimitBytes(1 << 20);
      }
      FaultyStore store = new FaultyStore(real);
      if (faulty) {
        plan(store, new Random(faultSeed));
      }
      try (SpillQueue queue =
              fixture
                  .builder()
                  .store(store)
                  .spillPolicy(spillPolicy.get())
                  .prefetchPolicy(prefetchPolicy)
                  .offerTimeout(QueueFixture.LONG)
                  .build();
          SpillWriter writer = queue.writer()) {
        run(fixture, queue, writer, steps, manual);
      }
    } finally {
      assertThat(directory).isEmptyDirectory();
      Files.delete(directory);
    }
  }

  private static void plan(FaultyStore store, Random random) {
    int spillFault = 2 + random.nextInt(6);
    int fetchFault = 2 + random.nextInt(6);
    int partial = 2 + random.nextInt(3);
    store.spillFails = call -> call % spillFault == 0;
    store.fetchFails = call -> call % fetchFault == 0;
    store.takesOnlyOne = call -> call % partial == 0;
  }

  private static void run(
      QueueFixture fixture, SpillQueue queue, SpillWriter writer, List<Step> steps, boolean manual)
      throws InterruptedException {
    Deque<long[]> model = new ArrayDeque<>();
    long number = 0;
    for (Step step : steps) {
      for (int i = 0; i < step.offers(); i++) {
        long byteSize = Math.max(0, step.byteSize() - number % 3);
        fixture.offer(writer, number, byteSize);
        model.add(new long[] {number, byteSize});
        number++;
      }
      if (manual) {
        queue.spillNow(step.byteSize() * 3L);
      }
      for (int i = 0; i < step.polls() && !model.isEmpty(); i++) {
        DetachedSegment taken = step.blocking() ? queue.poll(QueueFixture.LONG) : queue.poll();
        if (taken != null) {
          long[] expected = model.remove();
          QueueFixture.check(taken, expected[0], expected[1]);
        } else {
          assertThat(step.blocking()).isFalse();
        }
      }
      SpillQueueStatistics statistics = queue.statistics();
      assertThat(statistics.isBalanced()).as("%s", statistics).isTrue();
      assertThat(statistics.entries()).isEqualTo(model.size());
      assertThat(statistics.headBytes()).isBetween(0L, statistics.residentBytes());
    }
    writer.close();
    while (!model.isEmpty()) {
      long[] expected = model.remove();
      fixture.expect(queue, expected[0], expected[1]);
    }
    assertThat(queue.poll(Duration.ZERO)).isNull();
    assertThat(queue.isEnded()).isTrue();
    assertThat(queue.statistics().offeredBytes()).isEqualTo(queue.statistics().polledBytes());
  }
}
