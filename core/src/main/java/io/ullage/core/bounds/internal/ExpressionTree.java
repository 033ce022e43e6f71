package io.ullage.core.bounds.internal;

import io.ullage.core.bounds.UsageExpr;
import io.ullage.core.bounds.UsageExpr.Config;
import io.ullage.core.bounds.UsageExpr.Constant;
import io.ullage.core.bounds.UsageExpr.Max;
import io.ullage.core.bounds.UsageExpr.Product;
import io.ullage.core.bounds.UsageExpr.Scale;
import io.ullage.core.bounds.UsageExpr.StructSize;
import io.ullage.core.bounds.UsageExpr.Sum;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes an expression down as maps and lists, in an order that never varies. */
public final class ExpressionTree {
  private ExpressionTree() {}

  /** Returns the tree of an expression. */
  public static Map<String, Object> of(UsageExpr expression) {
    return switch (expression) {
      case Config config -> leaf("Config", config.name(), config.value());
      case StructSize size -> leaf("StructSize", size.name(), size.value());
      case Constant constant -> leaf("Constant", constant.name(), constant.value());
      case Product product -> operation("Product", product.name(), product.values());
      case Sum sum -> operation("Sum", sum.name(), sum.values());
      case Max max -> operation("Max", max.name(), max.values());
      case Scale scale ->
          operation(
              "Scale",
              scale.name(),
              List.of(
                  scale.value(),
                  new Constant("numerator", scale.numerator()),
                  new Constant("denominator", scale.denominator())));
    };
  }

  private static Map<String, Object> leaf(String type, String name, long value) {
    return node(type, name, "value", value);
  }

  private static Map<String, Object> operation(
      String type, String name, List<? extends UsageExpr> values) {
    return node(type, name, "values", values.stream().map(ExpressionTree::of).toList());
  }

  private static Map<String, Object> node(String type, String name, String key, Object content) {
    Map<String, Object> node = new LinkedHashMap<>();
    node.put("type", type);
    node.put("name", name);
    node.put(key, content);
    return Collections.unmodifiableMap(node);
  }
}
