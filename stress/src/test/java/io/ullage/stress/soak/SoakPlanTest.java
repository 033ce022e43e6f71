package io.ullage.stress.soak;

import static org.assertj.core.api.Assertions.assertThat;

import io.ullage.stress.soak.SoakPlan.Disturbance;
import io.ullage.stress.soak.SoakPlan.Kind;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

final class SoakPlanTest {
  private static final long HALF_AN_HOUR_MILLIS = 1_800_000;

  @Property
  void isTheSameForTheSameSeed(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 64) int workers) {
    SoakPlan plan = SoakPlan.of(seed, HALF_AN_HOUR_MILLIS, workers);

    assertThat(SoakPlan.of(seed, HALF_AN_HOUR_MILLIS, workers)).isEqualTo(plan);
    assertThat(plan.disturbances())
        .extracting(Disturbance::atMillis)
        .isSorted()
        .allMatch(at -> at > 0 && at < HALF_AN_HOUR_MILLIS);
    assertThat(plan.disturbances())
        .allMatch(next -> next.worker() >= 0 && next.worker() < workers)
        .allMatch(next -> next.atMillis() + next.lastsMillis() < HALF_AN_HOUR_MILLIS);
  }

  @Test
  void disturbsInEveryWay() {
    assertThat(SoakPlan.of(1, HALF_AN_HOUR_MILLIS, 3).disturbances())
        .extracting(Disturbance::kind)
        .contains(Kind.values());
  }
}
