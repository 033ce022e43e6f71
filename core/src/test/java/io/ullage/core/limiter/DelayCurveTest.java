package io.ullage.core.limiter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

class DelayCurveTest {
  private static final Duration MS_1 = Duration.ofMillis(1);
  private static final Duration MS_25 = Duration.ofMillis(25);

  @Test
  void reproducesTheWorkedExample() {
    assertThat(DelayCurve.DEFAULT.delayNanos(0.975)).isEqualTo(13_000_000);
  }

  @Test
  void delaysNobodyAtOrBelowTheThreshold() {
    assertThat(DelayCurve.DEFAULT.delayNanos(0)).isZero();
    assertThat(DelayCurve.DEFAULT.delayNanos(0.95)).isZero();
    assertThat(DelayCurve.DEFAULT.delayNanos(Math.nextUp(0.95))).isEqualTo(1_000_000);
  }

  @Test
  void isLongestAtTheLimitAndBeyond() {
    assertThat(DelayCurve.DEFAULT.delayNanos(1)).isEqualTo(25_000_000);
    assertThat(DelayCurve.DEFAULT.delayNanos(7)).isEqualTo(25_000_000);
    assertThat(DelayCurve.DEFAULT.delayNanos(Double.POSITIVE_INFINITY)).isEqualTo(25_000_000);
  }

  @Property
  void neverFallsAsUsageGrowsAndStaysWithinItsDelays(
      @ForAll @DoubleRange(min = 0, max = 2) double lower,
      @ForAll @DoubleRange(min = 0, max = 2) double upper,
      @ForAll @DoubleRange(min = 0, max = 1, maxIncluded = false) double threshold) {
    DelayCurve curve = new DelayCurve(threshold, MS_1, MS_25);
    long less = curve.delayNanos(Math.min(lower, upper));
    long more = curve.delayNanos(Math.max(lower, upper));
    assertThat(less).isLessThanOrEqualTo(more);
    assertThat(more).isBetween(0L, MS_25.toNanos());
    assertThat(more == 0).isEqualTo(Math.max(lower, upper) <= threshold);
  }

  @Test
  void takesAZeroLimitForFullAndNoLimitForEmpty() {
    assertThat(new UsageReading(0, 0).ratio()).isEqualTo(1);
    assertThat(new UsageReading(5, 0).ratio()).isGreaterThan(1);
    assertThat(new UsageReading(Long.MAX_VALUE, Long.MAX_VALUE).ratio()).isZero();
    assertThat(new UsageReading(39, 40).ratio()).isEqualTo(0.975);
  }

  @Test
  void refusesBadValuesNamingThem() {
    for (double threshold : new double[] {-0.1, 1, Double.NaN}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new DelayCurve(threshold, MS_1, MS_25))
          .withMessageContaining("threshold is " + threshold);
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new DelayCurve(0.5, MS_25, MS_1))
        .withMessageContaining("maximumDelay is PT0.001S");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new DelayCurve(0.5, MS_1.negated(), MS_1))
        .withMessageContaining("minimumDelay");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new DelayCurve(0.5, Duration.ZERO, Duration.ZERO));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new DelayCurve(0.5, MS_1, Duration.ofDays(1)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DelayCurve.DEFAULT.delayNanos(Double.NaN))
        .withMessageContaining("NaN");
    assertThatIllegalArgumentException().isThrownBy(() -> DelayCurve.DEFAULT.delayNanos(-1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new UsageReading(-1, 0))
        .withMessageContaining("usedBytes is -1");
  }
}
