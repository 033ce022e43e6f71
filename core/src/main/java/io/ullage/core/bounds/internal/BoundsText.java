package io.ullage.core.bounds.internal;

import io.ullage.core.bounds.BinarySize;
import io.ullage.core.bounds.ComponentBounds;
import io.ullage.core.bounds.UsageExpr;
import io.ullage.core.bounds.UsageExpr.Config;
import io.ullage.core.bounds.UsageExpr.Constant;
import io.ullage.core.bounds.UsageExpr.Max;
import io.ullage.core.bounds.UsageExpr.Product;
import io.ullage.core.bounds.UsageExpr.Scale;
import io.ullage.core.bounds.UsageExpr.StructSize;
import io.ullage.core.bounds.UsageExpr.Sum;
import java.util.List;
import java.util.stream.Collectors;

/** Writes bounds down for people. */
public final class BoundsText {
  private BoundsText() {}

  /** Returns one line per component and one per declaration below it, each ended by a newline. */
  public static String of(ComponentBounds bounds) {
    StringBuilder text = new StringBuilder();
    append(bounds, ComponentBounds.ROOT, "", text);
    return text.toString();
  }

  private static void append(
      ComponentBounds bounds, String name, String indent, StringBuilder text) {
    text.append(indent)
        .append(name)
        .append(": minimum ")
        .append(BinarySize.format(bounds.totalMinimumBytes()))
        .append(", firm total ")
        .append(BinarySize.format(bounds.totalFirmBytes()))
        .append('\n');
    declarations("min", bounds.minimum(), indent, text);
    declarations("firm", bounds.firm(), indent, text);
    bounds
        .subcomponents()
        .forEach((below, component) -> append(component, below, indent + "  ", text));
  }

  private static void declarations(
      String section, UsageExpr expression, String indent, StringBuilder text) {
    if (expression instanceof Sum(String _, List<UsageExpr> declarations)) {
      for (UsageExpr declaration : declarations) {
        text.append(indent)
            .append("  [")
            .append(section)
            .append("] ")
            .append(declaration.name())
            .append(" = ")
            .append(BinarySize.format(declaration.evaluate()));
        if (!isLeaf(declaration)) {
          text.append(" = ").append(formula(declaration));
        }
        text.append('\n');
      }
    }
  }

  private static boolean isLeaf(UsageExpr expression) {
    return expression instanceof Config
        || expression instanceof StructSize
        || expression instanceof Constant;
  }

  private static String formula(UsageExpr expression) {
    return switch (expression) {
      case Config config -> config.name() + " " + config.value();
      case StructSize size -> BinarySize.format(size.value());
      case Constant constant -> constant.name() + " " + constant.value();
      case Product product -> joined(" × ", product.values());
      case Sum sum -> sum.values().isEmpty() ? "0" : joined(" + ", sum.values());
      case Max max -> "max" + max.values().stream().map(BoundsText::formula).toList();
      case Scale scale ->
          "⌈"
              + formula(scale.value())
              + " × "
              + scale.numerator()
              + "/"
              + scale.denominator()
              + "⌉";
    };
  }

  private static String joined(String operator, List<UsageExpr> operands) {
    return operands.stream()
        .map(BoundsText::formula)
        .collect(Collectors.joining(operator, "(", ")"));
  }
}
