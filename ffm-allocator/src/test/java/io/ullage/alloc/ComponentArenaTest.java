package io.ullage.alloc;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ullage.core.ComponentToken;
import io.ullage.core.MemoryLimitException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ComponentArenaTest {
  private final TestPool pool = new TestPool(16 << 20);
  private final ComponentToken token = pool.token("parser");

  @AfterEach
  void accountingIsExact() {
    pool.close();
  }

  private ComponentArena open(boolean shared) {
    return shared
        ? ComponentArena.ofShared(pool.chunks, token)
        : ComponentArena.ofConfined(pool.chunks, token);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void allocatesDistinctZeroedAlignedSegments(boolean shared) {
    dirtyThePool();
    try (ComponentArena arena = open(shared)) {
      List<MemorySegment> segments = new ArrayList<>();
      for (int each = 0; each < 2000; each++) {
        long alignment = 1L << (each % 13);
        MemorySegment segment = arena.allocate(each, alignment);
        assertThat(segment.address() % alignment).isZero();
        assertThat(segment.byteSize()).isEqualTo(each);
        assertThat(segment.mismatch(MemorySegment.ofArray(new byte[each]))).isEqualTo(-1);
        segment.fill((byte) each);
        segments.add(segment);
      }
      for (int each = 1; each < 2000; each++) {
        assertThat(segments.get(each).get(JAVA_BYTE, each - 1)).isEqualTo((byte) each);
      }
      assertThat(token.component().ownReservedBytes()).isEqualTo(arena.chargedBytes());
      pool.checkAccounting();
    }
    assertThat(token.component().ownReservedBytes()).isZero();
  }

  @Test
  void zeroesAfterAnUninitializedNeighbour() {
    dirtyThePool();
    try (ComponentArena arena = open(false)) {
      for (int each = 0; each < 500; each++) {
        arena.allocateUninitialized(each * 7 % 300, 1).fill((byte) 9);
        MemorySegment zeroed = arena.allocate(each * 11 % 300, 1);
        assertThat(zeroed.mismatch(MemorySegment.ofArray(new byte[(int) zeroed.byteSize()])))
            .isEqualTo(-1);
        zeroed.fill((byte) 9);
      }
    }
  }

  @Test
  void servesCodeThatTakesAnArena() {
    try (Arena arena = open(false)) {
      assertThat(arena.allocateFrom("strings").getString(0)).isEqualTo("strings");
      assertThat(arena.allocateFrom(JAVA_LONG, 1, 2, 3).getAtIndex(JAVA_LONG, 2)).isEqualTo(3);
      assertThat(arena.allocate(0, 1).byteSize()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void throwsOnUseAfterClose(boolean shared) {
    ComponentArena arena = open(shared);
    MemorySegment segment = arena.allocate(8, 8);
    arena.close();

    assertThatThrownBy(() -> segment.get(JAVA_LONG, 0)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> arena.allocate(8, 8)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(arena::close).isInstanceOf(IllegalStateException.class);
    assertThat(arena.scope().isAlive()).isFalse();
  }

  @Test
  void refusesAnotherThreadOnlyWhenConfined() throws InterruptedException {
    ComponentArena confined = open(false);
    ComponentArena shared = open(true);
    List<MemorySegment> made = new ArrayList<>();
    Thread.ofPlatform()
        .start(
            () -> {
              assertThatThrownBy(() -> confined.allocate(8, 8))
                  .isInstanceOf(WrongThreadException.class);
              assertThatThrownBy(confined::close).isInstanceOf(WrongThreadException.class);
              made.add(shared.allocate(8, 8));
            })
        .join();
    assertThat(made.getFirst().get(JAVA_LONG, 0)).isZero();
    confined.close();
    shared.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anEmptySegmentLivesAsLongAsTheArenaAlsoWhenItIsTheFirst(boolean shared) {
    ComponentArena arena = open(shared);
    MemorySegment first = arena.allocate(0, 1);
    assertThat(first.byteSize()).isZero();
    assertThat(first.scope()).isEqualTo(arena.scope());
    assertThat(arena.allocate(0, 4096).address() % 4096).isZero();
    arena.close();
    assertThat(first.scope().isAlive()).isFalse();
    assertThatThrownBy(() -> arena.allocate(0, 1)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void refusesWhatTheLimitDoesNotAllowAndStaysUsable() {
    try (ComponentArena arena = open(false)) {
      arena.allocate(100, 1);
      assertThatThrownBy(() -> arena.allocate(17 << 20, 1))
          .isInstanceOf(MemoryLimitException.class);
      pool.checkAccounting();
      assertThat(arena.allocate(2 << 20, 1).byteSize()).isEqualTo(2 << 20);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void servesMoreThanTwoGibibytesOfWhichOnlyTheTouchedPagesAreResident(boolean shared) {
    long byteSize = 3L << 30;
    try (TestPool roomy = new TestPool(4L << 30);
        ComponentArena arena =
            shared
                ? ComponentArena.ofShared(roomy.chunks, roomy.token("large"))
                : ComponentArena.ofConfined(roomy.chunks, roomy.token("large"))) {
      MemorySegment segment = arena.allocate(byteSize, 8);
      assertThat(segment.byteSize()).isEqualTo(byteSize);
      segment.set(JAVA_LONG, byteSize - 8, 42);
      assertThat(segment.get(JAVA_LONG, byteSize - 8)).isEqualTo(42);
      assertThat(segment.get(JAVA_LONG, byteSize / 2)).isZero();
      assertThat(arena.component().ownReservedBytes()).isEqualTo(byteSize);
      assertThatThrownBy(() -> arena.allocate(byteSize, 8))
          .isInstanceOf(MemoryLimitException.class);
    }
  }

  @Test
  void alignsBeyondAPage() {
    try (ComponentArena arena = open(false)) {
      for (int log = 12; log <= 21; log++) {
        assertThat(arena.allocate(10, 1L << log).address() % (1L << log)).isZero();
      }
    }
  }

  private void dirtyThePool() {
    try (ComponentArena arena = open(false)) {
      for (int each = 0; each < 20; each++) {
        arena.allocateUninitialized(100_000, 1).fill((byte) 0x5a);
        arena.allocateUninitialized(1_000, 1).fill((byte) 0x5a);
      }
    }
  }
}
