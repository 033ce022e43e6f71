package io.ullage.core.bounds.internal;

import io.ullage.core.bounds.UsageConfiguration;
import io.ullage.core.bounds.UsageExpr;
import io.ullage.core.bounds.UsageExpr.Config;
import io.ullage.core.bounds.UsageExpr.Constant;
import io.ullage.core.bounds.UsageExpr.Max;
import io.ullage.core.bounds.UsageExpr.Product;
import io.ullage.core.bounds.UsageExpr.Scale;
import io.ullage.core.bounds.UsageExpr.StructSize;
import io.ullage.core.bounds.UsageExpr.Sum;
import io.ullage.core.bounds.UsageOverflowException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/** Computes expressions with checked arithmetic. */
public final class Evaluation {
  private Evaluation() {}

  /** Returns the value of an expression. */
  public static long evaluate(UsageExpr expression, UsageConfiguration configuration) {
    return switch (expression) {
      case Config config -> setting(config, configuration);
      case StructSize size -> size.value();
      case Constant constant -> constant.value();
      case Product product -> product(product, configuration);
      case Sum sum -> sum(sum, configuration);
      case Max max -> max(max, configuration);
      case Scale scale -> scale(scale, configuration);
    };
  }

  /** Returns the expression with its settings replaced. */
  public static UsageExpr resolve(UsageExpr expression, UsageConfiguration configuration) {
    return switch (expression) {
      case Config config -> new Config(config.name(), setting(config, configuration));
      case StructSize size -> size;
      case Constant constant -> constant;
      case Product product -> new Product(product.name(), all(product.values(), configuration));
      case Sum sum -> new Sum(sum.name(), all(sum.values(), configuration));
      case Max max -> new Max(max.name(), all(max.values(), configuration));
      case Scale scale ->
          new Scale(
              scale.name(),
              resolve(scale.value(), configuration),
              scale.numerator(),
              scale.denominator());
    };
  }

  /** Adds the settings of an expression, with their declared values, to a map. */
  public static void collectSettings(UsageExpr expression, SortedMap<String, Long> settings) {
    switch (expression) {
      case Config config -> settings.putIfAbsent(config.name(), config.value());
      case StructSize _, Constant _ -> {}
      case Product product -> product.values().forEach(each -> collectSettings(each, settings));
      case Sum sum -> sum.values().forEach(each -> collectSettings(each, settings));
      case Max max -> max.values().forEach(each -> collectSettings(each, settings));
      case Scale scale -> collectSettings(scale.value(), settings);
    }
  }

  private static List<UsageExpr> all(List<UsageExpr> values, UsageConfiguration configuration) {
    List<UsageExpr> resolved = new ArrayList<>(values.size());
    for (UsageExpr value : values) {
      resolved.add(resolve(value, configuration));
    }
    return resolved;
  }

  private static long setting(Config config, UsageConfiguration configuration) {
    long value = configuration.valueOf(config.name(), config.value());
    Requirements.notNegative("setting '" + config.name() + "'", value);
    return value;
  }

  private static long product(Product product, UsageConfiguration configuration) {
    List<UsageExpr> operands = product.values();
    long[] values = new long[operands.size()];
    boolean zero = false;
    for (int i = 0; i < values.length; i++) {
      values[i] = evaluate(operands.get(i), configuration);
      zero |= values[i] == 0;
    }
    if (zero) {
      return 0;
    }
    long result = 1;
    for (int i = 0; i < values.length; i++) {
      if (Math.multiplyHigh(result, values[i]) != 0 || result * values[i] < 0) {
        throw new UsageOverflowException(
            product.name(), result + " × " + values[i] + " of '" + operands.get(i).name() + "'");
      }
      result *= values[i];
    }
    return result;
  }

  private static long sum(Sum sum, UsageConfiguration configuration) {
    long result = 0;
    for (UsageExpr operand : sum.values()) {
      long value = evaluate(operand, configuration);
      if (Long.MAX_VALUE - result < value) {
        throw new UsageOverflowException(
            sum.name(), result + " + " + value + " of '" + operand.name() + "'");
      }
      result += value;
    }
    return result;
  }

  private static long max(Max max, UsageConfiguration configuration) {
    long result = 0;
    for (UsageExpr operand : max.values()) {
      result = Math.max(result, evaluate(operand, configuration));
    }
    return result;
  }

  private static long scale(Scale scale, UsageConfiguration configuration) {
    long value = evaluate(scale.value(), configuration);
    BigInteger denominator = BigInteger.valueOf(scale.denominator());
    BigInteger product = BigInteger.valueOf(value).multiply(BigInteger.valueOf(scale.numerator()));
    BigInteger roundedUp = product.add(denominator).subtract(BigInteger.ONE).divide(denominator);
    if (roundedUp.bitLength() > 63) {
      throw new UsageOverflowException(
          scale.name(), value + " × " + scale.numerator() + " ÷ " + scale.denominator());
    }
    return roundedUp.longValueExact();
  }
}
