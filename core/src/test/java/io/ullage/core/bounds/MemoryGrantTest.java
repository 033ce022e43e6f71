package io.ullage.core.bounds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigDecimal;
import java.math.RoundingMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class MemoryGrantTest {
  @Property
  void leavesTheExactShareCutToWholeBytes(
      @ForAll @LongRange(min = 0, max = Long.MAX_VALUE) long limitBytes,
      @ForAll @DoubleRange(min = 0, max = 1, maxIncluded = false) double slop) {
    BigDecimal exact =
        new BigDecimal(limitBytes)
            .multiply(BigDecimal.ONE.subtract(new BigDecimal(Double.toString(slop))));
    assertThat(MemoryGrant.of(limitBytes, slop).effectiveLimitBytes())
        .isEqualTo(exact.setScale(0, RoundingMode.FLOOR).longValueExact());
  }

  @Property
  void findsTheSmallestLimitThatLeavesAnAmount(
      @ForAll @LongRange(min = 1, max = 1L << 50) long effectiveBytes,
      @ForAll @DoubleRange(min = 0, max = 0.9) double slop) {
    long limitBytes = MemoryGrant.of(0, slop).initialLimitFor(effectiveBytes);
    assertThat(MemoryGrant.of(limitBytes, slop).effectiveLimitBytes())
        .isGreaterThanOrEqualTo(effectiveBytes);
    assertThat(MemoryGrant.of(limitBytes - 1, slop).effectiveLimitBytes())
        .isLessThan(effectiveBytes);
  }

  @Test
  void takesTheSlopAsItPrints() {
    assertThat(MemoryGrant.of(100, 0.1).effectiveLimitBytes()).isEqualTo(90);
    assertThat(MemoryGrant.of(1000, 0.25).effectiveLimitBytes()).isEqualTo(750);
    assertThat(MemoryGrant.of(3, 0.5).effectiveLimitBytes()).isEqualTo(1);
  }

  @Test
  void isExactWhereDoublesAreNot() {
    long odd = (1L << 53) + 1;
    assertThat(MemoryGrant.of(odd, 0).effectiveLimitBytes()).isEqualTo(odd);
    assertThat(MemoryGrant.of(Long.MAX_VALUE, 0).effectiveLimitBytes()).isEqualTo(Long.MAX_VALUE);
    assertThat(MemoryGrant.of(Long.MAX_VALUE, 0.5).effectiveLimitBytes())
        .isEqualTo(Long.MAX_VALUE / 2);
  }

  @Test
  void refusesASlopOutsideItsRange() {
    for (double slop : new double[] {Double.NaN, -0.1, 1, 1.5, Double.NEGATIVE_INFINITY}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> MemoryGrant.of(1, slop))
          .withMessageContaining("slop is " + slop)
          .withMessageContaining("at least 0 and below 1");
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MemoryGrant.of(-1))
        .withMessageContaining("initialLimitBytes is -1");
  }

  @Test
  void takesNegativeZeroForZero() {
    assertThat(MemoryGrant.of(5, -0.0)).isEqualTo(MemoryGrant.of(5));
  }
}
