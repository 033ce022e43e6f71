package io.ullage.alloc.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SurplusTest {
  private static final long MIB = 1 << 20;
  private final Surplus surplus = new Surplus();

  @Test
  void keepsAFewChunksForAProgramThatUsesNothing() {
    assertThat(surplus.keepBytes()).isEqualTo(8 * MIB);
    assertThat(surplus.keepEmptyBytes()).isZero();
  }

  @Test
  void keepsAQuarterMoreThanThePeak() {
    surplus.note(100 * MIB);
    surplus.note(10 * MIB);
    assertThat(surplus.keepBytes()).isEqualTo(133 * MIB);
    assertThat(surplus.keepEmptyBytes()).isEqualTo(100 * MIB / 8);
  }

  @Test
  void forgetsThePeakAfterTwoIntervals() {
    surplus.note(100 * MIB);
    surplus.beginInterval();
    surplus.note(40 * MIB);
    assertThat(surplus.keepBytes()).isEqualTo(133 * MIB);
    surplus.beginInterval();
    assertThat(surplus.keepBytes()).isEqualTo(58 * MIB);
  }
}
