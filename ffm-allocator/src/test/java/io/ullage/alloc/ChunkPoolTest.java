package io.ullage.alloc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ullage.core.ComponentRegistry;
import io.ullage.core.ComponentToken;
import io.ullage.core.StatusSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ChunkPoolTest {
  private final TestPool pool = new TestPool();
  private final ComponentToken token = pool.token("a");

  @AfterEach
  void accountingIsExact() {
    pool.close();
  }

  @Test
  void commitsNothingBeforeTheFirstUse() {
    assertThat(pool.chunks.statistics()).isEqualTo(new PoolStatistics(0, 0, 0));
  }

  @Test
  void keepsUsedCachedAndCommittedApart() {
    PooledSegment segment = pool.segments.acquire(token, 4096);
    assertThat(pool.chunks.statistics())
        .isEqualTo(new PoolStatistics(4096, (1 << 20) - 4096, 1 << 20));
    segment.close();
    assertThat(pool.chunks.statistics()).isEqualTo(new PoolStatistics(0, 1 << 20, 1 << 20));
  }

  @Test
  void givesTheMemoryBackWhenTrimmed() {
    List<PooledSegment> segments = new ArrayList<>();
    for (int each = 0; each < 1000; each++) {
      segments.add(pool.segments.acquire(token, 10_000));
    }
    // Behind the look at the peak, without which some would go back as a surplus already.
    assertThat(pool.chunks.trim().join()).isZero();
    PooledSegment kept = segments.removeFirst();
    segments.forEach(PooledSegment::close);
    long givenBack = pool.chunks.trim().join();

    assertThat(givenBack).isEqualTo(9 << 20);
    assertThat(pool.chunks.statistics())
        .isEqualTo(new PoolStatistics(10 << 10, (1 << 20) - (10 << 10), 1 << 20));
    kept.close();
  }

  @Test
  void takesTheSlotsOfAnEndedThreadBack() throws InterruptedException {
    Thread.ofPlatform().start(() -> pool.segments.acquire(token, 100).close()).join();
    assertThat(pool.chunks.statistics().committedBytes()).isEqualTo(1 << 20);
    pool.chunks.trim().join();
    assertThat(pool.chunks.statistics().committedBytes()).isZero();
  }

  @Test
  void takesTheFreeSlotsOfAnIdleThreadWhenTrimmed() throws InterruptedException {
    CountDownLatch used = new CountDownLatch(1);
    CountDownLatch trimmed = new CountDownLatch(1);
    Thread idle =
        Thread.ofPlatform()
            .start(
                () -> {
                  pool.segments.acquire(token, 100).close();
                  used.countDown();
                  awaitUninterruptibly(trimmed);
                  pool.segments.acquire(token, 100).close();
                });
    used.await();
    pool.chunks.trim().join();
    assertThat(pool.chunks.statistics().committedBytes()).isZero();
    trimmed.countDown();
    idle.join();
    assertThat(pool.chunks.statistics().committedBytes()).isEqualTo(1 << 20);
  }

  @Test
  void givesTheMemoryOfAnIdleSizeBackWhileAnotherIsInUse() {
    ComponentRegistry registry = pool.registry;
    try (ChunkPool chunks = ChunkPool.builder(registry).trimAfter(Duration.ofMillis(10)).build()) {
      SegmentPool segments = SegmentPool.over(chunks);
      segments.acquire(token, 10_000).close();
      // The cache never rests: it is one size of it that does.
      do {
        segments.acquire(token, 100).close();
      } while (chunks.statistics().committedBytes() > 1 << 20);
    }
  }

  /**
   * Of all that one size had, a few slots lie in the thread's cache: in every chunk at least one.
   */
  @Test
  void givesBackAtOnceWhatAChangeOfSizesLeavesBehindButNotWhatThePeakNeeded() {
    try (ChunkPool chunks =
        ChunkPool.builder(pool.registry).trimAfter(Duration.ofHours(1)).build()) {
      SegmentPool segments = SegmentPool.over(chunks);
      long liveBytes = 32 << 20;
      List<PooledSegment> small = acquire(segments, liveBytes, 1000);
      Collections.shuffle(small, new Random(1));
      List<PooledSegment> larger = new ArrayList<>();
      for (int freed = 0; freed < small.size(); freed += 10) {
        small.subList(freed, Math.min(freed + 10, small.size())).forEach(PooledSegment::close);
        larger.add(segments.acquire(token, 10_000));
      }
      // A quarter above the peak and two chunks of the larger kind.
      long keptBytes = liveBytes * 11 / 10 * 5 / 4 + (8 << 20);
      while (chunks.statistics().committedBytes() > keptBytes) {
        Thread.onSpinWait();
      }
      assertThat(chunks.statistics().committedBytes()).isGreaterThan(liveBytes);
      larger.forEach(PooledSegment::close);
      acquire(segments, liveBytes, 1000).forEach(PooledSegment::close);
      assertThat(chunks.statistics().committedBytes()).isGreaterThan(liveBytes);
    }
  }

  private List<PooledSegment> acquire(SegmentPool segments, long totalBytes, long byteSize) {
    List<PooledSegment> acquired = new ArrayList<>();
    for (long bytes = 0; bytes < totalBytes; bytes += byteSize) {
      acquired.add(segments.acquire(token, byteSize));
    }
    return acquired;
  }

  @Test
  void trimsWhileOthersAcquireAndClose() throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    for (int each = 0; each < 2; each++) {
      threads.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (int round = 0; round < 20_000; round++) {
                      PooledSegment segment = pool.segments.acquire(token, 100 + round % 5000);
                      segment.segment().fill((byte) round);
                      segment.detach().attach().close();
                    }
                  }));
    }
    for (int round = 0; round < 200; round++) {
      pool.chunks.trim().join();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    pool.checkAccounting();
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  @Test
  void servesAMillionUsesOnTenThousandVirtualThreadsWithoutACacheForEach()
      throws InterruptedException {
    int count = 10_000;
    int byteSize = 1024;
    List<Thread> threads = new ArrayList<>();
    for (int each = 0; each < count; each++) {
      threads.add(
          Thread.startVirtualThread(
              () -> {
                for (int round = 0; round < 100; round++) {
                  pool.segments.acquire(token, byteSize).close();
                }
              }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    // What all of them may have had open at once, and as much again for what is cached.
    assertThat(pool.chunks.statistics().committedBytes())
        .isLessThanOrEqualTo(2L * count * byteSize);
    assertThat(token.component().ownReservedBytes()).isZero();
  }

  @Test
  void refusesUseAfterClose() {
    DetachedSegment detached = pool.segments.acquire(token, 100).detach();
    PooledSegment open = pool.segments.acquire(token, 100);
    ComponentArena arena = ComponentArena.ofConfined(pool.chunks, token);
    pool.chunks.close();
    pool.chunks.close();

    assertThatThrownBy(() -> pool.segments.acquire(token, 100))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> pool.segments.acquire(token, 2 << 20))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(detached::attach).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> arena.allocate(8, 8)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> ComponentArena.ofConfined(pool.chunks, token))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(pool.chunks::trim).isInstanceOf(IllegalStateException.class);

    open.segment().fill((byte) 1);
    pool.checkAccounting();
    open.close();
    detached.discard();
    arena.close();
    assertThat(pool.chunks.statistics()).isEqualTo(new PoolStatistics(0, 0, 0));
  }

  @Test
  void endsItsThreadWhenClosed() throws InterruptedException {
    Thread trimmer =
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> thread.getName().equals("ullage-trim"))
            .findFirst()
            .orElseThrow();
    assertThat(trimmer.isDaemon()).isTrue();
    pool.chunks.close();
    trimmer.join();
  }

  @Test
  void isShownByItsRegistryUntilItIsClosed() throws InterruptedException {
    ComponentRegistry registry = ComponentRegistry.builder().withoutCounterFile().build();
    ChunkPool named =
        ChunkPool.builder(registry)
            .name("frames")
            .leakListener(_ -> {})
            .trimAfter(Duration.ofHours(1))
            .build();
    StatusSource shown = registry.statusSources().getFirst();
    assertThat(shown.kind()).isEqualTo("pool");
    assertThat(shown.name()).isEqualTo("frames");
    Thread.ofPlatform()
        .start(
            () ->
                SegmentPool.over(named)
                    .acquire(registry.component("leaky").token(), 1000)
                    .segment()
                    .fill((byte) 1))
        .join();
    assertThat(shown.status())
        .containsEntry("used_bytes", 1024L)
        .containsEntry("pool_bytes", named.statistics().cachedBytes())
        .containsEntry("committed_bytes", named.statistics().committedBytes())
        .containsEntry("leaks_total", 0L);

    named.trim().join();
    assertThat(shown.status())
        .containsEntry("used_bytes", 0L)
        .containsEntry("leaks_total", 1L)
        .hasEntrySatisfying(
            "leaks",
            leaks ->
                assertThat(leaks.toString())
                    .contains("component=leaky", "kind=owner_ended", "charged_bytes=1024"));
    named.close();
    assertThat(registry.statusSources()).isEmpty();
    registry.close();
  }
}
