package io.ullage.core.bounds;

import static io.ullage.core.bounds.UsageExpr.config;
import static io.ullage.core.bounds.UsageExpr.constant;
import static io.ullage.core.bounds.UsageExpr.max;
import static io.ullage.core.bounds.UsageExpr.product;
import static io.ullage.core.bounds.UsageExpr.scale;
import static io.ullage.core.bounds.UsageExpr.structSize;
import static io.ullage.core.bounds.UsageExpr.sum;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class UsageExprTest {
  @Test
  void addsMultipliesAndTakesTheLargest() {
    UsageExpr expression =
        sum(
            "buffers",
            product("ring", config("ring.slots", 1024), constant("slot", 64)),
            max("scratch", constant("a", 10), constant("b", 300), constant("c", 20)));
    assertThat(expression.evaluate()).isEqualTo(1024 * 64 + 300);
  }

  @Test
  void takesSizesFromLayouts() {
    MemoryLayout entry = MemoryLayout.structLayout(ValueLayout.JAVA_LONG, ValueLayout.JAVA_DOUBLE);
    assertThat(structSize("entry", entry).evaluate()).isEqualTo(16);
  }

  @Test
  void evaluatesWithAnotherConfiguration() {
    UsageExpr expression = product("ring", config("ring.slots", 4), constant("slot", 8));
    assertThat(expression.evaluate(UsageConfiguration.of(Map.of("ring.slots", 100L))))
        .isEqualTo(800);
    assertThat(expression.evaluate(UsageConfiguration.of(Map.of("other", 100L)))).isEqualTo(32);
    assertThat(expression.evaluate()).isEqualTo(32);
  }

  @Test
  void roundsAScaledValueUp() {
    assertThat(scale("third", constant("one", 10), 0.25).evaluate()).isEqualTo(3);
    assertThat(scale("tenth", constant("one", 1000), 0.1).evaluate()).isEqualTo(100);
    assertThat(new UsageExpr.Scale("x", constant("max", Long.MAX_VALUE), 2, 4).evaluate())
        .isEqualTo(Long.MAX_VALUE / 2 + 1);
  }

  @Test
  void namesTheExpressionThatOverflows() {
    UsageExpr inner =
        product("queue.bytes", config("queue.entries", Long.MAX_VALUE), constant("size", 2));
    assertThatExceptionOfType(UsageOverflowException.class)
        .isThrownBy(() -> sum("total", constant("header", 1), inner).evaluate())
        .withMessageContaining("'queue.bytes'")
        .satisfies(e -> assertThat(e.expression()).isEqualTo("queue.bytes"));
    assertThatExceptionOfType(UsageOverflowException.class)
        .isThrownBy(() -> sum("total", constant("a", Long.MAX_VALUE), constant("b", 1)).evaluate())
        .withMessageContaining("'total'");
    assertThatExceptionOfType(UsageOverflowException.class)
        .isThrownBy(() -> scale("twice", constant("a", Long.MAX_VALUE), 2).evaluate())
        .withMessageContaining("'twice'");
  }

  @Test
  void aProductWithZeroIsZeroWhateverElseItHas() {
    UsageExpr huge = constant("huge", Long.MAX_VALUE);
    assertThat(product("none", huge, huge, constant("zero", 0)).evaluate()).isZero();
  }

  @Test
  void refusesBadValuesNamingThem() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> config("queue.entries", -1))
        .withMessageContaining("queue.entries")
        .withMessageContaining("-1");
    assertThatIllegalArgumentException().isThrownBy(() -> constant(" ", 1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> product("empty"))
        .withMessageContaining("empty");
    assertThatIllegalArgumentException().isThrownBy(() -> max("empty"));
    for (double factor : new double[] {Double.NaN, -0.5, Double.POSITIVE_INFINITY, 1e-300}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> scale("factor", constant("a", 1), factor))
          .withMessageContaining("'factor'")
          .withMessageContaining(Double.toString(factor));
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> config("a", 1).evaluate((name, declared) -> -5))
        .withMessageContaining("'a'")
        .withMessageContaining("-5");
  }

  @Test
  void becomesATreeInStableOrder() {
    UsageExpr expression =
        sum(
            "s",
            product("p", config("c", 2), new UsageExpr.StructSize("size", 8)),
            scale("half", constant("k", 7), 0.5));
    assertThat(expression.toTree().toString())
        .isEqualTo(
            "{type=Sum, name=s, values=["
                + "{type=Product, name=p, values=["
                + "{type=Config, name=c, value=2}, {type=StructSize, name=size, value=8}]}, "
                + "{type=Scale, name=half, values=[{type=Constant, name=k, value=7}, "
                + "{type=Constant, name=numerator, value=5}, "
                + "{type=Constant, name=denominator, value=10}]}]}");
  }

  @Test
  void copiesItsOperands() {
    List<UsageExpr> operands = new ArrayList<>(List.of(constant("a", 1)));
    UsageExpr.Sum total = new UsageExpr.Sum("total", operands);
    operands.add(constant("b", 1));
    assertThat(total.evaluate()).isEqualTo(1);
  }
}
