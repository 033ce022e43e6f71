package io.ullage.bench.result;

import static org.assertj.core.api.Assertions.assertThat;

import io.ullage.bench.result.Goal.Kind;
import io.ullage.bench.result.Goal.Verdict;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class GoalTest {
  @ParameterizedTest
  @CsvSource({
    "TIMES_FASTER, 2, 30, MET",
    "TIMES_FASTER, 4, 30, MISSED",
    "TIMES_THE_TIME, 1.25, 9, MET",
    "TIMES_THE_TIME, 1.05, 9, MISSED",
    "AT_MOST, 10, 30, MET",
    "AT_MOST, 9.9, 30, MISSED",
    "AT_MOST_MORE, 1, 9, MET",
    "AT_MOST_MORE, 0.9, 9, MISSED"
  })
  void judgesQuietFigures(Kind kind, double bound, double peer, Verdict verdict) {
    List<Measurement> measured =
        List.of(MeasurementFixture.of("ullage", 10, 10), MeasurementFixture.of("peer", peer, peer));

    assertThat(goal(kind, bound).judge(measured).verdict()).isEqualTo(verdict);
  }

  @Test
  void saysThatTheMachineIsTooNoisyInsteadOfGuessing() {
    List<Measurement> measured =
        List.of(
            MeasurementFixture.of("ullage", 10, 30, 12), MeasurementFixture.of("peer", 30, 40, 90));

    assertThat(goal(Kind.TIMES_FASTER, 2).judge(measured).verdict()).isEqualTo(Verdict.TOO_NOISY);
  }

  @Test
  void isNotMeasuredWithOtherParameters() {
    List<Measurement> measured =
        List.of(
            MeasurementFixture.of("ullage", Map.of("size", "64"), List.of(List.of(1.0))),
            MeasurementFixture.of("peer", Map.of("size", "64"), List.of(List.of(9.0))));

    assertThat(goal(Kind.TIMES_FASTER, 2).judge(measured).verdict())
        .isEqualTo(Verdict.NOT_MEASURED);
  }

  @Test
  void leavesOutGoalsOfWhichNothingWasMeasured() {
    Goal measured = goal(Kind.AT_MOST, 10);
    Goal unmeasured = goal(Kind.TIMES_FASTER, 2);

    assertThat(
            Goal.outcomes(
                List.of(unmeasured, measured), List.of(MeasurementFixture.of("ullage", 9, 9))))
        .extracting(Goal.Outcome::goal)
        .containsExactly(measured);
  }

  @Test
  void takesTheControlsBestForkOffBothFigures() {
    List<Measurement> measured =
        List.of(
            MeasurementFixture.of("ullage", 30, 30),
            MeasurementFixture.of("peer", 50, 50),
            MeasurementFixture.of("queue", 10, 25));

    assertThat(goal(Kind.TIMES_FASTER, "queue", 2).judge(measured).verdict())
        .isEqualTo(Verdict.MET);
    assertThat(goal(Kind.TIMES_FASTER, "", 2).judge(measured).verdict()).isEqualTo(Verdict.MISSED);
    assertThat(goal(Kind.TIMES_FASTER, "nobody", 2).judge(measured).verdict())
        .isEqualTo(Verdict.NOT_MEASURED);
  }

  @Test
  void readsTheGoalsThatComeWithTheBenchmarks() throws Exception {
    assertThat(Goal.all())
        .isNotEmpty()
        .allSatisfy(goal -> assertThat(goal.bound()).isPositive())
        .allSatisfy(
            goal ->
                assertThat(goal.against().isEmpty())
                    .isEqualTo(goal.kind().name().endsWith("AT_MOST")));
  }

  @Test
  void aPercentileIsJudgedWhereItWasSampled() {
    List<Measurement> measured = List.of(MeasurementFixture.of("ullage", 1));
    Goal met = goal(Kind.P999_AT_MOST, "", 20);
    Goal missed = goal(Kind.P50_AT_MOST, "", 9);

    assertThat(met.judge(measured).verdict()).isEqualTo(Verdict.MET);
    assertThat(met.judge(measured).measured()).isEqualTo("20 ns/op");
    assertThat(missed.judge(measured).verdict()).isEqualTo(Verdict.MISSED);
    assertThat(missed.boundText()).isEqualTo("p50 ≤ 9");
    assertThat(goal(Kind.P99_AT_MOST, "", 9).judge(measured).verdict())
        .as("no p99 there")
        .isEqualTo(Verdict.NOT_MEASURED);
  }

  @Test
  void oursWithOtherParametersCanBeThePeer() {
    Goal linear =
        new Goal(
            "four times the bytes",
            "Sample.run",
            new TreeMap<>(Map.of("size", "1024")),
            "ullage",
            "ullage",
            new TreeMap<>(Map.of("size", "256")),
            "",
            Kind.TIMES_THE_TIME,
            4.5);
    Measurement small =
        MeasurementFixture.of("ullage", Map.of("size", "256"), List.of(List.of(10.0)));

    assertThat(linear.judge(List.of(small, MeasurementFixture.of("ullage", 44))).verdict())
        .isEqualTo(Verdict.MET);
    assertThat(linear.judge(List.of(small, MeasurementFixture.of("ullage", 46))).verdict())
        .isEqualTo(Verdict.MISSED);
    assertThat(linear.judge(List.of(small)).verdict()).isEqualTo(Verdict.NOT_MEASURED);
  }

  private static Goal goal(Kind kind, double bound) {
    return goal(kind, "", bound);
  }

  private static Goal goal(Kind kind, String less, double bound) {
    String against = kind.name().endsWith("AT_MOST") ? "" : "peer";
    return new Goal(
        "a goal",
        "Sample.run",
        new TreeMap<>(Map.of("size", "1024")),
        "ullage",
        against,
        new TreeMap<>(),
        less,
        kind,
        bound);
  }
}
