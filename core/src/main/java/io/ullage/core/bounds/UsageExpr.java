package io.ullage.core.bounds;

import io.ullage.core.bounds.internal.Evaluation;
import io.ullage.core.bounds.internal.ExpressionTree;
import io.ullage.core.bounds.internal.Requirements;
import java.lang.foreign.MemoryLayout;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;

/**
 * A named expression for an amount of memory, in bytes or in counts that are multiplied into bytes.
 *
 * <p>Leaves carry a value; {@link Config} leaves can be given another one when the expression is
 * evaluated, which is what makes what-if questions possible. Values are never negative. Arithmetic
 * is checked: an expression whose exact value exceeds {@link Long#MAX_VALUE}, or that contains one,
 * fails with {@link UsageOverflowException} naming it. Immutable and thread-safe. Evaluation costs
 * time linear in the number of nodes.
 */
public sealed interface UsageExpr {
  /** {@return the name, which is never blank} */
  String name();

  /**
   * A value that comes from the program's configuration.
   *
   * @param name the setting's name; settings of one name are one setting
   * @param value the declared value, not negative
   */
  record Config(String name, long value) implements UsageExpr {
    /** Checks the name and the value. */
    public Config {
      Requirements.named(name);
      Requirements.notNegative("value of '" + name + "'", value);
    }
  }

  /**
   * The size of one structure in bytes.
   *
   * @param name what the structure is called
   * @param value its size in bytes, not negative
   */
  record StructSize(String name, long value) implements UsageExpr {
    /** Checks the name and the value. */
    public StructSize {
      Requirements.named(name);
      Requirements.notNegative("value of '" + name + "'", value);
    }
  }

  /**
   * A value that no configuration changes.
   *
   * @param name what the value means
   * @param value the value, not negative
   */
  record Constant(String name, long value) implements UsageExpr {
    /** Checks the name and the value. */
    public Constant {
      Requirements.named(name);
      Requirements.notNegative("value of '" + name + "'", value);
    }
  }

  /**
   * The product of its operands.
   *
   * @param name what the product means
   * @param values the operands, at least one
   */
  record Product(String name, List<UsageExpr> values) implements UsageExpr {
    /** Checks the name and copies the operands. */
    public Product {
      Requirements.named(name);
      values = Requirements.operands("product '" + name + "'", values);
    }
  }

  /**
   * The sum of its operands; zero without any.
   *
   * @param name what the sum means
   * @param values the operands
   */
  record Sum(String name, List<UsageExpr> values) implements UsageExpr {
    /** Checks the name and copies the operands. */
    public Sum {
      Requirements.named(name);
      values = List.copyOf(values);
    }
  }

  /**
   * The largest of its operands.
   *
   * @param name what the maximum means
   * @param values the operands, at least one
   */
  record Max(String name, List<UsageExpr> values) implements UsageExpr {
    /** Checks the name and copies the operands. */
    public Max {
      Requirements.named(name);
      values = Requirements.operands("maximum '" + name + "'", values);
    }
  }

  /**
   * An operand times a fraction, rounded up: ⌈value × numerator ÷ denominator⌉, computed exactly.
   *
   * @param name what the scaled value means
   * @param value the operand
   * @param numerator the fraction's numerator, not negative
   * @param denominator the fraction's denominator, positive
   */
  record Scale(String name, UsageExpr value, long numerator, long denominator)
      implements UsageExpr {
    /** Checks the name and the fraction. */
    public Scale {
      Requirements.named(name);
      Requirements.notNegative("numerator of '" + name + "'", numerator);
      Requirements.positive("denominator of '" + name + "'", denominator);
    }
  }

  /**
   * {@return a setting}
   *
   * @param name the setting's name
   * @param value the declared value, not negative
   */
  static Config config(String name, long value) {
    return new Config(name, value);
  }

  /**
   * {@return the size of a structure of known layout}
   *
   * @param name what the structure is called
   * @param layout its layout
   */
  static StructSize structSize(String name, MemoryLayout layout) {
    return new StructSize(name, layout.byteSize());
  }

  /**
   * {@return a constant}
   *
   * @param name what it means
   * @param value the value, not negative
   */
  static Constant constant(String name, long value) {
    return new Constant(name, value);
  }

  /**
   * {@return a product}
   *
   * @param name what it means
   * @param values the operands, at least one
   */
  static Product product(String name, UsageExpr... values) {
    return new Product(name, List.of(values));
  }

  /**
   * {@return a sum}
   *
   * @param name what it means
   * @param values the operands
   */
  static Sum sum(String name, UsageExpr... values) {
    return new Sum(name, List.of(values));
  }

  /**
   * {@return a maximum}
   *
   * @param name what it means
   * @param values the operands, at least one
   */
  static Max max(String name, UsageExpr... values) {
    return new Max(name, List.of(values));
  }

  /**
   * {@return an operand times a decimal factor, rounded up} The factor is taken as it prints: 0.1
   * is one tenth.
   *
   * @param name what the scaled value means
   * @param value the operand
   * @param factor the factor, finite and not negative, with at most 18 decimals; {@link Scale}
   *     itself takes any other fraction
   */
  static Scale scale(String name, UsageExpr value, double factor) {
    if (!Double.isFinite(factor) || factor < 0) {
      throw new IllegalArgumentException(
          "factor of '" + name + "' is " + factor + ": it must be finite and not negative");
    }
    BigDecimal decimal = BigDecimal.valueOf(factor).stripTrailingZeros();
    BigInteger denominator = BigInteger.TEN.pow(Math.max(0, decimal.scale()));
    BigInteger numerator = decimal.multiply(new BigDecimal(denominator)).toBigIntegerExact();
    if (numerator.bitLength() > 63 || denominator.bitLength() > 63) {
      throw new IllegalArgumentException(
          "factor of '"
              + name
              + "' is "
              + factor
              + ": its fraction must fit into two longs, which 18 decimals do");
    }
    return new Scale(name, value, numerator.longValueExact(), denominator.longValueExact());
  }

  /**
   * Computes the value with the declared settings.
   *
   * @return the value
   * @throws UsageOverflowException if it does not fit into a {@code long}
   */
  default long evaluate() {
    return evaluate(UsageConfiguration.declared());
  }

  /**
   * Computes the value with other settings.
   *
   * @param configuration the settings
   * @return the value
   * @throws UsageOverflowException if it does not fit into a {@code long}
   * @throws IllegalArgumentException if the configuration answers with a negative value
   */
  default long evaluate(UsageConfiguration configuration) {
    return Evaluation.evaluate(this, configuration);
  }

  /**
   * {@return the same expression with other declared settings}
   *
   * @param configuration the settings
   * @throws IllegalArgumentException if the configuration answers with a negative value
   */
  default UsageExpr withConfiguration(UsageConfiguration configuration) {
    return Evaluation.resolve(this, configuration);
  }

  /**
   * {@return the expression as a tree of maps, lists, strings and longs, ready to be written as
   * JSON} A leaf is {@code {type, name, value}}, an operation {@code {type, name, values}}. The
   * type is the record's name. A {@link Scale} has three values: the operand, the numerator and the
   * denominator. The order of keys and operands never varies.
   */
  default Map<String, Object> toTree() {
    return ExpressionTree.of(this);
  }
}
