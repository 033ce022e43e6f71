package io.ullage.alloc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ullage.core.ComponentToken;
import io.ullage.core.MemoryLimitException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LeakTest {
  private static final long LIMIT_BYTES = 4 << 20;

  private final TestPool pool = new TestPool(LIMIT_BYTES, LeakDetection.EVERY_SITE);
  private final ComponentToken token = pool.token("leaky");

  @AfterEach
  void accountingIsExact() {
    pool.close();
  }

  @Test
  void takesBackAndReportsWhatAnEndedThreadLeftOpen() throws InterruptedException {
    Thread.ofPlatform()
        .start(
            () -> {
              pool.segments.acquire(token, 1000);
              pool.segments.acquire(token, 2 << 20);
              PooledSegment sliced = pool.segments.acquire(token, 500);
              sliced.slice(0, 10);
              pool.segments.acquire(token, 100).close();
            })
        .join();
    pool.chunks.trim().join();

    assertThat(pool.leaks)
        .hasSize(4)
        .allSatisfy(
            leak -> {
              assertThat(leak.kind()).isEqualTo(LeakReport.Kind.OWNER_ENDED);
              assertThat(leak.component()).isEqualTo("leaky");
              assertThat(leak.site().orElseThrow().getFirst().getClassName())
                  .isEqualTo(LeakTest.class.getName());
            });
    assertThat(token.component().ownReservedBytes()).isZero();
    assertThat(pool.chunks.statistics()).isEqualTo(new PoolStatistics(0, 0, 0));
  }

  @Test
  void reportsASegmentOnceThoughItWasLeftBehindAndDropped() throws InterruptedException {
    Thread.ofPlatform().start(() -> pool.segments.acquire(token, 1000)).join();
    pool.chunks.trim().join();
    assertThat(pool.leaks.remove().kind()).isEqualTo(LeakReport.Kind.OWNER_ENDED);

    // What was dropped before them is found no later than the second of them.
    for (int handle = 0; handle < 2; handle++) {
      drop(1000);
      awaitLeak();
      assertThat(pool.leaks.remove().kind()).isEqualTo(LeakReport.Kind.HANDLE_DROPPED);
    }
    assertThat(pool.leaks).isEmpty();
  }

  @Test
  void reportsASegmentOnceThoughItWasDroppedBeforeItsOwnerEnded() throws InterruptedException {
    Thread.ofPlatform()
        .start(
            () -> {
              pool.segments.acquire(token, 1000);
              awaitLeak();
            })
        .join();
    pool.chunks.trim().join();

    assertThat(pool.leaks).extracting(LeakReport::kind).containsExactly(LeakReport.Kind.DROPPED);
    assertThat(token.component().ownReservedBytes()).isZero();
  }

  @Test
  void takesBackWhatAnEndedVirtualThreadLeftOpen() throws InterruptedException {
    Thread.startVirtualThread(() -> pool.segments.acquire(token, 1000)).join();
    pool.chunks.trim().join();

    assertThat(pool.leaks)
        .extracting(LeakReport::kind)
        .containsExactly(LeakReport.Kind.OWNER_ENDED);
    assertThat(token.component().ownReservedBytes()).isZero();
  }

  @Test
  void leavesTheSegmentsOfALivingThreadAlone() {
    try (PooledSegment open = pool.segments.acquire(token, 1000)) {
      pool.chunks.trim().join();
      open.segment().fill((byte) 1);
      assertThat(pool.leaks).isEmpty();
    }
  }

  @Test
  void takesBackAndReportsADroppedHandle() {
    drop(1000);
    awaitLeak();

    LeakReport leak = pool.leaks.remove();
    assertThat(leak.kind()).isEqualTo(LeakReport.Kind.HANDLE_DROPPED);
    assertThat(leak.chargedBytes()).isEqualTo(1024);
    assertThat(token.component().ownReservedBytes()).isZero();
  }

  @Test
  void takesBackAHandleThatWasDroppedAfterItsThreadEnded() throws InterruptedException {
    List<DetachedSegment> handles = new ArrayList<>();
    Thread.ofPlatform()
        .start(() -> handles.add(pool.segments.acquire(token, 1000).detach()))
        .join();
    pool.chunks.trim().join();
    assertThat(pool.leaks).isEmpty();
    handles.clear();
    awaitLeak();
    assertThat(token.component().ownReservedBytes()).isZero();
  }

  @Test
  void reportsADroppedSegmentWithItsSite() throws InterruptedException {
    Thread owner =
        Thread.ofPlatform()
            .start(
                () -> {
                  pool.segments.acquire(token, 1000);
                  awaitLeak();
                });
    owner.join();
    LeakReport leak = pool.leaks.remove();
    assertThat(leak.kind()).isEqualTo(LeakReport.Kind.DROPPED);
    assertThat(leak.site().orElseThrow().getFirst().getClassName())
        .isEqualTo(LeakTest.class.getName());
    pool.chunks.trim().join();
    assertThat(token.component().ownReservedBytes()).isZero();
  }

  @Test
  void takesBackTheArenaThatAnEndedThreadLeftOpen() throws InterruptedException {
    Thread.ofPlatform()
        .start(
            () -> {
              ComponentArena arena = ComponentArena.ofConfined(pool.chunks, token);
              arena.allocate(100, 8);
              arena.allocate(2 << 20, 8);
            })
        .join();
    pool.chunks.trim().join();

    assertThat(pool.leaks)
        .extracting(LeakReport::kind)
        .containsExactly(LeakReport.Kind.OWNER_ENDED, LeakReport.Kind.OWNER_ENDED);
    assertThat(token.component().ownReservedBytes()).isZero();
  }

  @Test
  void keepsADroppedSharedArenaUntilNobodyCanReadItsSegments() {
    MemorySegment kept = allocateFromDroppedArena();
    System.gc();
    pool.chunks.trim().join();
    kept.fill((byte) 1);
    assertThat(pool.leaks).isEmpty();
    assertThat(token.component().ownReservedBytes()).isPositive();

    kept = MemorySegment.NULL;
    awaitLeak();
    assertThat(kept.byteSize()).isZero();
    assertThat(pool.leaks.remove().kind()).isEqualTo(LeakReport.Kind.DROPPED);
    assertThat(token.component().ownReservedBytes()).isZero();
  }

  private MemorySegment allocateFromDroppedArena() {
    return ComponentArena.ofShared(pool.chunks, token).allocate(100, 8);
  }

  @Test
  void reportsNothingThatWasClosed() {
    for (int each = 0; each < 100; each++) {
      pool.segments.acquire(token, 1000).detach().attach().close();
      pool.segments.acquire(token, 1000).detach().discard();
      pool.segments.acquire(token, 1000).detach().moveTo(pool.token("x")).attach().close();
    }
    System.gc();
    pool.chunks.trim().join();
    assertThat(pool.leaks).isEmpty();
  }

  @Test
  void givesUpWhatIsLeakedBeforeItRefuses() throws InterruptedException {
    Thread.ofPlatform().start(() -> pool.segments.acquire(token, 3 << 20)).join();
    try (PooledSegment segment = pool.segments.acquire(token, 3 << 20)) {
      assertThat(segment.byteSize()).isEqualTo(3 << 20);
      assertThatThrownBy(() -> pool.segments.acquire(token, 3 << 20))
          .isInstanceOf(MemoryLimitException.class);
    }
  }

  private void drop(long byteSize) {
    pool.segments.acquire(token, byteSize).detach();
  }

  /** The collector decides when; it is asked until it has. */
  private void awaitLeak() {
    while (pool.leaks.isEmpty()) {
      System.gc();
      pool.chunks.trim().join();
    }
  }
}
