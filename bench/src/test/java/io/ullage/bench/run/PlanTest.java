package io.ullage.bench.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.ullage.bench.result.Goal;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class PlanTest {
  private static final String BENCHMARK = "io.ullage.bench.Sample.run";
  private static final Map<String, String[]> VALUES =
      Map.of("size", new String[] {"64", "1024"}, "zeroed", new String[] {"false", "true"});

  @Test
  void quickTakesTheFirstValueOfEachParameter() {
    assertThat(Plan.choose(Preset.QUICK, BENCHMARK, VALUES, List.of()))
        .containsExactly(Map.of("size", "64", "zeroed", "false"));
  }

  @Test
  void quickTakesWhatGoalsSpeakOf() {
    Goal goal =
        new Goal(
            "",
            "Sample.run",
            new TreeMap<>(Map.of("size", "1024")),
            "ullage",
            "",
            new TreeMap<>(),
            "",
            Goal.Kind.AT_MOST,
            1);

    assertThat(Plan.choose(Preset.QUICK, BENCHMARK, VALUES, List.of(goal)))
        .containsExactly(Map.of("size", "1024", "zeroed", "false"));
  }

  @Test
  void fullTakesEveryCombination() {
    assertThat(Plan.choose(Preset.FULL, BENCHMARK, VALUES, List.of()))
        .containsExactlyInAnyOrder(
            Map.of("size", "64", "zeroed", "false"),
            Map.of("size", "64", "zeroed", "true"),
            Map.of("size", "1024", "zeroed", "false"),
            Map.of("size", "1024", "zeroed", "true"));
  }

  @Test
  void fullTakesEveryPairOfThreeParameters() {
    Map<String, String[]> three = new TreeMap<>(VALUES);
    three.put("pattern", new String[] {"ring", "lifo", "random"});

    assertThat(Plan.choose(Preset.FULL, BENCHMARK, three, List.of()))
        .hasSize(2 * 2 * 3 - 2)
        .contains(Map.of("size", "64", "zeroed", "true", "pattern", "random"))
        .contains(Map.of("size", "1024", "zeroed", "true", "pattern", "ring"))
        .doesNotContain(Map.of("size", "1024", "zeroed", "true", "pattern", "lifo"));
  }

  @Test
  void aBenchmarkWithoutParametersRunsOnce() {
    assertThat(Plan.choose(Preset.FULL, BENCHMARK, Map.of(), List.of())).containsExactly(Map.of());
    assertThat(Plan.choose(Preset.QUICK, BENCHMARK, Map.of(), List.of())).containsExactly(Map.of());
  }
}
