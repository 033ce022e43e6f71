package io.ullage.alloc.internal;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SizeClassesTest {
  @Property
  void picksTheSmallestSlotThatHoldsTheSize(@ForAll @IntRange(max = 1 << 20) int byteSize) {
    int sizeClass = SizeClasses.of(byteSize);

    assertThat(SizeClasses.slotBytes(sizeClass)).isGreaterThanOrEqualTo(byteSize);
    if (sizeClass > 0) {
      assertThat(SizeClasses.slotBytes(sizeClass - 1)).isLessThan(byteSize);
    }
  }

  @Property
  void picksASlotWhoseSizeKeepsTheAlignment(
      @ForAll @IntRange(max = 1 << 20) int byteSize, @ForAll @IntRange(max = 20) int alignmentLog) {
    int sizeClass = SizeClasses.of(byteSize, 1L << alignmentLog);

    assertThat(SizeClasses.slotBytes(sizeClass)).isGreaterThanOrEqualTo(byteSize);
    if (alignmentLog > 4) {
      assertThat(SizeClasses.slotBytes(sizeClass) % (1 << alignmentLog)).isZero();
    }
  }

  @Test
  void wastesAtMostAQuarterAboveSixtyFourBytes() {
    for (int sizeClass = 4; sizeClass < SizeClasses.COUNT; sizeClass++) {
      int smallest = SizeClasses.slotBytes(sizeClass - 1) + 1;
      assertThat(SizeClasses.slotBytes(sizeClass) - smallest).isLessThanOrEqualTo(smallest / 4);
    }
  }

  @Test
  void endsAtOneMebibyte() {
    assertThat(SizeClasses.of(1 << 20)).isEqualTo(SizeClasses.COUNT - 1);
    assertThat(SizeClasses.slotBytes(SizeClasses.COUNT - 1)).isEqualTo(1 << 20);
  }

  @Test
  void cutsChunksOfSmallSlotsIntoAtLeastThirtyTwo() {
    for (int sizeClass = 0; SizeClasses.slotBytes(sizeClass) <= 128 << 10; sizeClass++) {
      assertThat(SizeClasses.slotsPerChunk(sizeClass)).isGreaterThanOrEqualTo(32);
    }
  }
}
