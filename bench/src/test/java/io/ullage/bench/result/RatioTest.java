package io.ullage.bench.result;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

final class RatioTest {
  @Test
  void comparesTheMedianOfOurForksWithThePeersBestFork() {
    Ratio ratio =
        Ratio.of(
            MeasurementFixture.of("ullage", 10, 20, 90),
            MeasurementFixture.of("peer", 500, 40, 60));

    assertThat(ratio.value()).isEqualTo(2.0);
    assertThat(ratio.isNoisy()).isTrue();
  }

  @Test
  void hasNoIntervalWhenNothingVaries() {
    Ratio ratio =
        Ratio.of(MeasurementFixture.of("ullage", 10, 10), MeasurementFixture.of("peer", 30, 30));

    assertThat(ratio).isEqualTo(new Ratio(3, 3, 3));
    assertThat(ratio.isNoisy()).isFalse();
  }

  @Test
  void takesTheGreaterFigureAsTheBetterOneForThroughput() {
    Measurement ours = throughput("ullage", 40.0);
    Measurement peer = throughput("peer", 20.0);

    assertThat(Ratio.of(ours, peer).value()).isEqualTo(2.0);
  }

  @Property(tries = 50)
  void theIntervalIsRepeatableAndOrdered(
      @ForAll @Size(min = 1, max = 5) List<@DoubleRange(min = 1, max = 100) Double> ours,
      @ForAll @Size(min = 1, max = 5) List<@DoubleRange(min = 1, max = 100) Double> theirs) {
    Measurement own = MeasurementFixture.of("ullage", Map.of(), List.of(ours));
    Measurement peer = MeasurementFixture.of("peer", Map.of(), List.of(theirs));

    Ratio ratio = Ratio.of(own, peer);

    assertThat(ratio).isEqualTo(Ratio.of(own, peer));
    assertThat(ratio.low()).isLessThanOrEqualTo(ratio.high()).isPositive();
  }

  private static Measurement throughput(String impl, double score) {
    Measurement time = MeasurementFixture.of(impl, score);
    return new Measurement(
        time.benchmark(),
        time.parameters(),
        impl,
        1,
        "thrpt",
        "ops/s",
        time.forks(),
        time.percentiles());
  }
}
