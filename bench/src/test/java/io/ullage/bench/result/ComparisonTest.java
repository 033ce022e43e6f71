package io.ullage.bench.result;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ComparisonTest {
  @Test
  void comparesOnlyWithinOneScenario() {
    List<Comparison> comparisons =
        Comparison.of(
            List.of(
                MeasurementFixture.of("ullage", 10),
                MeasurementFixture.of("peer", Map.of("size", "64"), List.of(List.of(5.0))),
                MeasurementFixture.of("peer", 40)));

    assertThat(comparisons).hasSize(2);
    assertThat(comparisons.getFirst().lines())
        .satisfiesExactly(
            title -> assertThat(title).isEqualTo("Sample.run size=1024"),
            ours -> assertThat(ours).contains("ullage", "10.00 ns/op").doesNotContain("faster"),
            peer -> assertThat(peer).contains("peer", "40.00 ns/op", "ullage is 4.00× faster"));
    assertThat(comparisons.getLast().ours()).isEmpty();
  }

  @Test
  void saysWhatNoiseLeavesOpen() {
    List<Comparison> comparisons =
        Comparison.of(
            List.of(
                MeasurementFixture.of("ullage", 10, 11, 20, 30, 31),
                MeasurementFixture.of("near", 15, 16, 30, 31, 32),
                MeasurementFixture.of("far", 1000, 1001, 2000, 2001, 2002)));

    assertThat(comparisons.getFirst().lines().get(2)).endsWith(", too noisy to tell");
    assertThat(comparisons.getFirst().lines().get(3)).endsWith(", noisy");
  }

  @Test
  void saysPlainlyThatWeAreSlower() {
    List<Comparison> comparisons =
        Comparison.of(
            List.of(MeasurementFixture.of("ullage", 30), MeasurementFixture.of("peer", 10)));

    assertThat(comparisons.getFirst().lines().getLast()).contains("ullage takes 3.00× its time");
  }
}
