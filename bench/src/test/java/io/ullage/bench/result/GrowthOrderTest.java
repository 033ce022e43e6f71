package io.ullage.bench.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class GrowthOrderTest {
  @Test
  void isTheExponentOfWhatGrows() {
    assertThat(order(1.0, 5.0, 10.0, 5.0, 100.0, 5.0)).isCloseTo(0, within(1e-9));
    assertThat(order(1.0, 3.0, 10.0, 30.0, 100.0, 300.0)).isCloseTo(1, within(1e-9));
    assertThat(order(1.0, 3.0, 10.0, 300.0, 100.0, 30_000.0)).isCloseTo(2, within(1e-9));
  }

  @Test
  void isWordsForAPerson() {
    assertThat(new GrowthOrder(0.984)).hasToString("grows as n^0.98");
  }

  @Test
  void takesTwoPoints() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> GrowthOrder.of(new TreeMap<>(Map.of(1.0, 1.0))))
        .withMessage("points: 1; allowed: two or more");
  }

  private static double order(double x1, double y1, double x2, double y2, double x3, double y3) {
    return GrowthOrder.of(new TreeMap<>(Map.of(x1, y1, x2, y2, x3, y3))).exponent();
  }
}
