package io.ullage.bench.growth;

import static org.assertj.core.api.Assertions.assertThat;

import io.ullage.bench.result.Measurement;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class GrowthRunTest {
  static List<Curve> curves() {
    return List.of(
        new ChargeCurve(),
        new SnapshotCurve(),
        new ThreadsCurve(),
        new QueueCurve(),
        new LeaseCurve());
  }

  @ParameterizedTest
  @MethodSource("curves")
  void measuresTheFirstPointsOfEachCurve(Curve curve) throws Exception {
    List<Integer> counts = GrowthRun.counts(curve, false);
    assertThat(counts).hasSizeGreaterThan(4).startsWith(curve.least()).endsWith(curve.most(false));

    for (int count : counts.subList(0, 2)) {
      Measurement measured = new GrowthRun(1).measure(curve, count);

      assertThat(measured.benchmark()).endsWith(".growth." + curve.name());
      assertThat(measured.parameters()).containsEntry(curve.parameter(), Integer.toString(count));
      assertThat(measured.median()).isPositive();
    }
  }
}
