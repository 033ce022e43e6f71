package io.ullage.alloc;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ullage.core.ComponentRegistry;
import io.ullage.core.ComponentToken;
import io.ullage.core.MemoryLimitException;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PooledSegmentTest {
  private final TestPool pool = new TestPool(8 << 20);
  private final ComponentToken token = pool.token("a.b");

  @AfterEach
  void accountingIsExact() {
    pool.close();
  }

  @Test
  void hasExactlyTheSizeAskedForAndIsChargedForTheSlot() {
    try (PooledSegment segment = pool.segments.acquire(token, 1000)) {
      assertThat(segment.segment().byteSize()).isEqualTo(1000);
      assertThat(segment.chargedBytes()).isEqualTo(1024);
      assertThat(token.component().ownReservedBytes()).isEqualTo(1024);
      pool.checkAccounting();
    }
    assertThat(token.component().ownReservedBytes()).isZero();
  }

  @Test
  void readsBackWhatWasWritten() {
    try (PooledSegment segment = pool.segments.acquire(token, 64)) {
      segment.segment().set(JAVA_LONG, 56, 42);
      assertThat(segment.segment().get(JAVA_LONG, 56)).isEqualTo(42);
    }
  }

  @Test
  void reusesTheSlotOfAClosedSegment() {
    PooledSegment first = pool.segments.acquire(token, 4096);
    long address = first.segment().address();
    first.close();
    try (PooledSegment second = pool.segments.acquire(token, 4096)) {
      assertThat(second.segment().address()).isEqualTo(address);
    }
  }

  @Test
  void servesSizesFromNothingToAboveTheLargestSlot() {
    for (long byteSize : new long[] {0, 1, 16, 17, 1 << 20, (1 << 20) + 1, 5 << 20}) {
      try (PooledSegment segment = pool.segments.acquire(token, byteSize)) {
        assertThat(segment.segment().byteSize()).isEqualTo(byteSize);
        segment.segment().fill((byte) 1);
        pool.checkAccounting();
      }
    }
  }

  @Test
  void holdsMoreThanTwoGibibytes() {
    long byteSize = 3L << 30;
    try (TestPool roomy = new TestPool();
        PooledSegment segment = roomy.segments.acquireZeroed(roomy.token("large"), byteSize)) {
      segment.segment().set(JAVA_LONG, byteSize - 8, 42);
      PooledSegment slice = segment.slice(byteSize - 16, 16);
      assertThat(slice.segment().get(JAVA_LONG, 8)).isEqualTo(42);
      slice.close();
      assertThat(segment.chargedBytes()).isEqualTo(byteSize);
    }
  }

  @Test
  void alignsAsAsked() {
    for (int log = 0; log <= 21; log++) {
      long alignment = 1L << log;
      try (PooledSegment segment = pool.segments.acquire(token, 24, alignment)) {
        assertThat(segment.segment().address() % alignment).isZero();
      }
    }
  }

  @Test
  void isAllZeroWhenAskedForEvenInAUsedSlot() {
    try (PooledSegment used = pool.segments.acquire(token, 4096)) {
      used.segment().fill((byte) 7);
    }
    for (long byteSize : new long[] {4096, 2 << 20}) {
      try (PooledSegment zeroed = pool.segments.acquireZeroed(token, byteSize)) {
        assertThat(zeroed.segment().mismatch(MemorySegment.ofArray(new byte[(int) byteSize])))
            .isEqualTo(-1);
      }
    }
  }

  @Test
  void throwsOnUseAfterClose() {
    PooledSegment segment = pool.segments.acquire(token, 64);
    MemorySegment slice = segment.segment().asSlice(8, 8);
    segment.close();

    assertThatThrownBy(() -> segment.segment().get(JAVA_BYTE, 0))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> slice.get(JAVA_BYTE, 0)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(segment::close).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(segment::detach).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> segment.slice(0, 1)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> segment.moveTo(token)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void refusesAnotherThread() throws InterruptedException {
    PooledSegment segment = pool.segments.acquire(token, 64);
    Thread other =
        Thread.ofPlatform()
            .start(
                () -> {
                  assertThatThrownBy(segment::close).isInstanceOf(WrongThreadException.class);
                  assertThatThrownBy(segment::detach).isInstanceOf(WrongThreadException.class);
                  assertThatThrownBy(() -> segment.segment().get(JAVA_BYTE, 0))
                      .isInstanceOf(WrongThreadException.class);
                  pool.segments.acquire(token, 1).close();
                });
    other.join();
    pool.checkAccounting();
    segment.close();
  }

  @Test
  void refusesAnAllocationAboveTheLimitAndKeepsTheAccountingExact() {
    assertThatThrownBy(() -> pool.segments.acquire(token, 9 << 20))
        .isInstanceOf(MemoryLimitException.class);
    assertThat(pool.segments.tryAcquire(token, 9 << 20)).isEmpty();
    assertThatThrownBy(() -> pool.segments.acquire(token, 9 << 20, Duration.ofMillis(1)))
        .isInstanceOf(MemoryLimitException.class);
    assertThat(pool.registry.root().totalReservedBytes()).isZero();
  }

  @Test
  void acquiresWithATimeoutOrNotAtAllWhereThereIsRoom() throws InterruptedException {
    pool.segments.acquire(token, 100, Duration.ofSeconds(1)).close();
    pool.segments.tryAcquire(token, 100).orElseThrow().close();
  }

  @Test
  void refusesBadArgumentsByName() {
    assertThatThrownBy(() -> pool.segments.acquire(token, -1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("byteSize -1");
    assertThatThrownBy(() -> pool.segments.acquire(token, Long.MAX_VALUE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("byteSize");
    assertThatThrownBy(() -> pool.segments.acquire(token, 1, 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("byteAlignment 3");
  }

  @Test
  void refusesATokenOfAnotherRegistry() {
    try (ComponentRegistry other = ComponentRegistry.builder().withoutCounterFile().build()) {
      ComponentToken foreign = other.component("x").token();
      assertThatThrownBy(() -> pool.segments.acquire(foreign, 1))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("another registry");
    }
  }

  @Test
  void keepsTheSlotUntilTheLastSliceIsClosed() {
    PooledSegment whole = pool.segments.acquire(token, 1024);
    whole.segment().set(JAVA_BYTE, 100, (byte) 5);
    PooledSegment slice = whole.slice(100, 10);
    whole.close();

    assertThat(slice.segment().get(JAVA_BYTE, 0)).isEqualTo((byte) 5);
    assertThat(token.component().ownReservedBytes()).isEqualTo(1024);
    pool.checkAccounting();
    slice.close();
    assertThat(token.component().ownReservedBytes()).isZero();
  }

  @Test
  void refusesASliceOutsideItsBounds() {
    try (PooledSegment whole = pool.segments.acquire(token, 1000)) {
      assertThatThrownBy(() -> whole.slice(999, 2)).isInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  @Test
  void movesItsChargeOnlyWhileNoSliceSharesIt() {
    ComponentToken receiver = pool.token("c");
    PooledSegment whole = pool.segments.acquire(token, 1024);
    PooledSegment slice = whole.slice(0, 10);
    assertThatThrownBy(() -> whole.moveTo(receiver)).isInstanceOf(IllegalStateException.class);
    slice.close();
    whole.moveTo(receiver);

    assertThat(whole.component()).isSameAs(receiver.component());
    assertThat(token.component().ownReservedBytes()).isZero();
    assertThat(receiver.component().ownReservedBytes()).isEqualTo(1024);
    whole.close();
  }
}
