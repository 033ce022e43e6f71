package io.ullage.spill.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ullage.alloc.ChunkPool;
import io.ullage.alloc.DetachedSegment;
import io.ullage.alloc.PooledSegment;
import io.ullage.core.ComponentRegistry;
import io.ullage.spill.FetchTarget;
import io.ullage.spill.PrefetchPolicy;
import io.ullage.spill.SpillBatch;
import io.ullage.spill.SpillQueue;
import io.ullage.spill.SpillSession;
import io.ullage.spill.SpillStore;
import io.ullage.spill.SpillWriter;
import io.ullage.spill.SpilledRun;
import io.ullage.spill.ThresholdPolicy;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every {@link SpillStore} must do. Extend it, say how to open the store, and run it with
 * JUnit: a queue relies on nothing else.
 */
public abstract class SpillStoreContract {
  private static final int[] SIZES = {0, 1, 63, 64, 65, 1000, 4096, 70_000};

  private final Arena arena = Arena.ofShared();
  private SpillStore store = new NoStore();
  private SpillSession session = new NoSession();

  /** For subclasses. */
  protected SpillStoreContract() {}

  /**
   * Opens the store under test, with room for 64 MiB at least.
   *
   * @return a store that holds nothing
   * @throws IOException if it cannot
   */
  protected abstract SpillStore open() throws IOException;

  @BeforeEach
  final void openStore() throws IOException {
    store = open();
    session = store.open(1);
  }

  @AfterEach
  final void closeStore() {
    session.close();
    store.close();
    arena.close();
  }

  /** The bytes of an entry: half of them repeat, half do not. */
  private static byte[] bytes(long number, int size) {
    byte[] bytes = new byte[size];
    long random = number * 0x9E37_79B9_7F4A_7C15L + 1;
    for (int i = 0; i < size; i++) {
      random ^= random << 13;
      random ^= random >>> 7;
      random ^= random << 17;
      bytes[i] = i % 128 < 64 ? (byte) number : (byte) random;
    }
    return bytes;
  }

  private SpillBatch batch(long first, int... sizes) {
    long frameBytes = 0;
    long[] byteSizes = new long[sizes.length];
    for (int i = 0; i < sizes.length; i++) {
      byteSizes[i] = sizes[i];
      frameBytes += SpillBatch.framedSize(sizes[i]);
    }
    MemorySegment frame = arena.allocate(frameBytes, SpillBatch.GAP_BYTES);
    long offset = 0;
    for (int i = 0; i < sizes.length; i++) {
      MemorySegment.copy(
          bytes(first + i, sizes[i]),
          0,
          frame,
          ValueLayout.JAVA_BYTE,
          offset + SpillBatch.GAP_BYTES,
          sizes[i]);
      offset += SpillBatch.framedSize(sizes[i]);
    }
    return SpillBatch.framed(first, frame, byteSizes, sizes.length);
  }

  private List<byte[]> fetch(SpilledRun run, int maximum) throws IOException {
    CollectingTarget target = new CollectingTarget(maximum);
    assertThat(session.fetch(run, target)).isEqualTo(target.entries.size());
    return target.entries;
  }

  private static void assertEntries(List<byte[]> entries, long first, int... sizes) {
    assertThat(entries).hasSize(sizes.length);
    for (int i = 0; i < sizes.length; i++) {
      assertThat(entries.get(i)).as("entry %d", first + i).isEqualTo(bytes(first + i, sizes[i]));
    }
  }

  @Test
  final void givesBackWhatItTookInOrder() throws IOException {
    SpilledRun run = session.spill(batch(0, SIZES));
    assertThat(run.takenEntries()).isEqualTo(SIZES.length);
    assertEntries(fetch(run, 100), 0, SIZES);
    assertThat(fetch(run, 100)).isEmpty();
  }

  @Test
  final void takesOneLargeEntryWithoutAFrame() throws IOException {
    MemorySegment entry = arena.allocate(3 << 20, 64).copyFrom(heap(bytes(5, 3 << 20)));
    SpilledRun run = session.spill(SpillBatch.single(5, entry));
    assertThat(run.takenEntries()).isEqualTo(1);
    assertEntries(fetch(run, 1), 5, 3 << 20);
  }

  private static MemorySegment heap(byte[] bytes) {
    return MemorySegment.ofArray(bytes);
  }

  @Test
  final void stopsWhereTheTargetWantsNoMoreAndGoesOnThere() throws IOException {
    SpilledRun run = session.spill(batch(10, 100, 200, 300, 400));
    assertThat(fetch(run, 0)).isEmpty();
    assertEntries(fetch(run, 1), 10, 100);
    assertEntries(fetch(run, 2), 11, 200, 300);
    assertEntries(fetch(run, 9), 13, 400);
  }

  @Test
  final void anEntryThatWasNotCommittedIsStillThere() throws IOException {
    SpilledRun run = session.spill(batch(20, 100, 200));
    FetchTarget failing =
        new FetchTarget() {
          @Override
          public MemorySegment next(long byteSize) {
            return arena.allocate(byteSize, 8);
          }

          @Override
          public void commit() {
            throw new IllegalStateException("not committed");
          }
        };
    assertThatThrownBy(() -> session.fetch(run, failing)).isInstanceOf(IllegalStateException.class);
    assertEntries(fetch(run, 9), 20, 100, 200);
  }

  @Test
  final void discardsFromTheFrontAndSaysHowManyBytes() throws IOException {
    SpilledRun run = session.spill(batch(30, 100, 200, 300));
    assertThat(session.discardFirst(run, 2)).isEqualTo(300);
    assertEntries(fetch(run, 9), 32, 300);
    assertThat(session.discardFirst(run, 1)).isZero();
  }

  @Test
  final void runsAreIndependentOfEachOther() throws IOException {
    List<SpilledRun> runs = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      runs.add(session.spill(batch(i * 10L, 5000, 6000 + i)));
    }
    session.release(runs.get(7));
    for (int i = 0; i < 50; i++) {
      if (i != 7) {
        assertEntries(fetch(runs.get(i), 9), i * 10L, 5000, 6000 + i);
      }
    }
  }

  @Test
  final void sessionsAreIndependentOfEachOther() throws IOException {
    SpilledRun own;
    try (SpillSession other = store.open(2)) {
      own = session.spill(batch(0, 1000));
      SpilledRun others = other.spill(batch(100, 1000));
      CollectingTarget target = new CollectingTarget(9);
      other.fetch(others, target);
      assertEntries(target.entries, 100, 1000);
    }
    assertEntries(fetch(own, 9), 0, 1000);
  }

  @Test
  final void growsNoFurtherWhileAsMuchIsFetchedAsIsSpilled() throws IOException {
    long mostBytes = 0;
    for (int i = 0; i < 300; i++) {
      SpilledRun run = session.spill(batch(i, 100_000, 150_000));
      assertEntries(fetch(run, 9), i, 100_000, 150_000);
      mostBytes = Math.max(mostBytes, store.usage().diskBytes() + store.usage().memoryBytes());
    }
    // 75 MB went through; what is kept for its next use may be as large as that of a large store.
    assertThat(mostBytes).isLessThanOrEqualTo(64 << 20);
  }

  @Test
  final void givesEverythingBackWhenItIsClosed() throws IOException {
    SpilledRun run = session.spill(batch(0, 1000, 2000));
    assertThat(store.usage().diskBytes() + store.usage().memoryBytes()).isPositive();
    session.release(run);
    session.close();
    store.close();
    assertThat(store.usage().diskBytes() + store.usage().memoryBytes()).isZero();
    store.close();
    assertThatThrownBy(() -> store.open(3)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  final void oneThreadSpillsWhileAnotherFetches() throws Exception {
    BlockingQueue<SpilledRun> runs = new ArrayBlockingQueue<>(8);
    try (ExecutorService spilling = Executors.newSingleThreadExecutor()) {
      Future<?> done =
          spilling.submit(
              () -> {
                for (int i = 0; i < 400; i++) {
                  runs.put(session.spill(batch(i * 3L, 3000, 20_000 + i, 64)));
                }
                return null;
              });
      for (int i = 0; i < 400; i++) {
        assertEntries(fetch(runs.take(), 9), i * 3L, 3000, 20_000 + i, 64);
      }
      done.get();
    }
  }

  @Test
  final void aQueueOverItGivesBackWhatItTook() throws Exception {
    try (ComponentRegistry registry =
            ComponentRegistry.builder().limitBytes(16 << 20).withoutCounterFile().build();
        ChunkPool pool = ChunkPool.open(registry);
        SpillQueue queue =
            SpillQueue.builder(pool, registry.component("queue").token())
                .store(store)
                .spillPolicy(new ThresholdPolicy(50_000, 20_000))
                .prefetchPolicy(PrefetchPolicy.budget(20_000))
                .build()) {
      try (SpillWriter writer = queue.writer()) {
        for (int i = 0; i < 1000; i++) {
          writer.offer(heap(bytes(i, SIZES[i % 7])));
        }
      }
      while (queue.statistics().spilledEntries() == 0) {
        Thread.onSpinWait();
      }
      for (int i = 0; i < 1000; i++) {
        DetachedSegment taken = queue.take();
        if (taken == null) {
          throw new AssertionError("the queue ended before entry " + i);
        }
        try (PooledSegment entry = taken.attach()) {
          assertThat(entry.segment().toArray(ValueLayout.JAVA_BYTE))
              .isEqualTo(bytes(i, SIZES[i % 7]));
        }
      }
      assertThat(queue.take()).isNull();
      assertThat(queue.statistics().spilledBytesTotal()).isPositive();
      assertThat(queue.statistics().isBalanced()).isTrue();
    }
  }
}
