package io.ullage.core.bounds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;

class UsageExprPropertyTest {
  private static final BigInteger LARGEST = BigInteger.valueOf(Long.MAX_VALUE);

  @Property
  void evaluatesAsWholeNumbersOfAnySizeDoOrReportsOverflow(
      @ForAll("expressions") UsageExpr expression,
      @ForAll @LongRange(min = 0, max = Long.MAX_VALUE) long setting) {
    UsageConfiguration configuration = UsageConfiguration.of(Map.of("setting", setting));
    Optional<BigInteger> expected = model(expression, setting);
    if (expected.isPresent()) {
      assertThat(expression.evaluate(configuration)).isEqualTo(expected.get().longValueExact());
      assertThat(expression.withConfiguration(configuration).evaluate())
          .isEqualTo(expected.get().longValueExact());
    } else {
      assertThatExceptionOfType(UsageOverflowException.class)
          .isThrownBy(() -> expression.evaluate(configuration))
          .satisfies(e -> assertThat(e.getMessage()).contains("'" + e.expression() + "'"));
    }
  }

  @Provide
  Arbitrary<UsageExpr> expressions() {
    return expressions(3);
  }

  private static Arbitrary<UsageExpr> expressions(int depth) {
    Arbitrary<Long> values = Arbitraries.longs().between(0, Long.MAX_VALUE);
    Arbitrary<UsageExpr> leaves =
        Arbitraries.oneOf(
            values.map(value -> new UsageExpr.Config("setting", value)),
            values.map(value -> new UsageExpr.StructSize("size", value)),
            Arbitraries.longs().between(0, 4096).map(value -> UsageExpr.constant("few", value)));
    if (depth == 0) {
      return leaves;
    }
    Arbitrary<UsageExpr> below = expressions(depth - 1);
    Arbitrary<List<UsageExpr>> operands = below.list().ofMinSize(1).ofMaxSize(3);
    return Arbitraries.oneOf(
        leaves,
        operands.map(each -> new UsageExpr.Product("product", each)),
        operands.map(each -> new UsageExpr.Sum("sum", each)),
        operands.map(each -> new UsageExpr.Max("max", each)),
        Combinators.combine(below, values, values.filter(value -> value > 0))
            .as((each, n, d) -> new UsageExpr.Scale("scale", each, n, d)));
  }

  /** The exact value; empty if it, or that of a part, does not fit into a long. */
  private static Optional<BigInteger> model(UsageExpr expression, long setting) {
    return switch (expression) {
      case UsageExpr.Config _ -> Optional.of(BigInteger.valueOf(setting));
      case UsageExpr.StructSize size -> Optional.of(BigInteger.valueOf(size.value()));
      case UsageExpr.Constant constant -> Optional.of(BigInteger.valueOf(constant.value()));
      case UsageExpr.Product product ->
          all(product.values(), setting)
              .map(each -> each.stream().reduce(BigInteger.ONE, BigInteger::multiply))
              .filter(UsageExprPropertyTest::fits);
      case UsageExpr.Sum sum ->
          all(sum.values(), setting)
              .map(each -> each.stream().reduce(BigInteger.ZERO, BigInteger::add))
              .filter(UsageExprPropertyTest::fits);
      case UsageExpr.Max max ->
          all(max.values(), setting)
              .map(each -> each.stream().reduce(BigInteger.ZERO, BigInteger::max));
      case UsageExpr.Scale scale ->
          model(scale.value(), setting)
              .map(
                  each -> {
                    BigInteger[] parts =
                        each.multiply(BigInteger.valueOf(scale.numerator()))
                            .divideAndRemainder(BigInteger.valueOf(scale.denominator()));
                    return parts[1].signum() == 0 ? parts[0] : parts[0].add(BigInteger.ONE);
                  })
              .filter(UsageExprPropertyTest::fits);
    };
  }

  private static Optional<List<BigInteger>> all(List<UsageExpr> operands, long setting) {
    List<Optional<BigInteger>> values =
        operands.stream().map(each -> model(each, setting)).toList();
    return values.stream().allMatch(Optional::isPresent)
        ? Optional.of(values.stream().map(Optional::orElseThrow).toList())
        : Optional.empty();
  }

  private static boolean fits(BigInteger value) {
    return value.compareTo(LARGEST) <= 0;
  }
}
