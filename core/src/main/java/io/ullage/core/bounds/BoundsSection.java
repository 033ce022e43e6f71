package io.ullage.core.bounds;

import io.ullage.core.bounds.internal.Requirements;
import java.lang.foreign.MemoryLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * One section of a component's bounds: the minimum, or what may come on top of it.
 *
 * <p>Entries add up, in the order in which they were declared. Sizes are bytes. Not thread-safe.
 */
public final class BoundsSection {
  private final BoundsBuilder builder;
  private final List<UsageExpr> expressions = new ArrayList<>();

  BoundsSection(BoundsBuilder builder) {
    this.builder = builder;
  }

  /**
   * Adds one structure.
   *
   * @param name what it is called
   * @param layout its layout
   * @return this section
   */
  public BoundsSection singleValue(String name, MemoryLayout layout) {
    return singleValue(name, layout.byteSize());
  }

  /**
   * Adds one structure.
   *
   * @param name what it is called
   * @param sizeBytes its size
   * @return this section
   */
  public BoundsSection singleValue(String name, long sizeBytes) {
    return expression(new UsageExpr.StructSize(name, sizeBytes));
  }

  /**
   * Adds an amount that no configuration changes.
   *
   * @param name what it is for
   * @param bytes the amount
   * @return this section
   */
  public BoundsSection fixed(String name, long bytes) {
    return expression(new UsageExpr.Constant(name, bytes));
  }

  /**
   * Adds an array.
   *
   * @param name what it is called
   * @param element the layout of one element
   * @param length how many elements it has
   * @return this section
   */
  public BoundsSection array(String name, MemoryLayout element, long length) {
    return array(name, element.byteSize(), length);
  }

  /**
   * Adds an array.
   *
   * @param name what it is called
   * @param elementBytes the size of one element
   * @param length how many elements it has
   * @return this section
   */
  public BoundsSection array(String name, long elementBytes, long length) {
    return array(name, elementBytes, new UsageExpr.Constant(name + ".length", length));
  }

  /**
   * Adds an array whose length is an expression.
   *
   * @param name what it is called
   * @param element the layout of one element
   * @param length how many elements it has
   * @return this section
   */
  public BoundsSection array(String name, MemoryLayout element, UsageExpr length) {
    return array(name, element.byteSize(), length);
  }

  /**
   * Adds an array whose length is an expression.
   *
   * @param name what it is called
   * @param elementBytes the size of one element
   * @param length how many elements it has
   * @return this section
   */
  public BoundsSection array(String name, long elementBytes, UsageExpr length) {
    return expression(
        UsageExpr.product(name, length, new UsageExpr.StructSize(name + ".element", elementBytes)));
  }

  /**
   * Adds an open hash table: as many slots as it takes to hold the entries at the load factor, each
   * as large as key and value.
   *
   * @param name what it is called
   * @param key the layout of a key
   * @param value the layout of a value
   * @param entries how many entries it holds
   * @param loadFactor the share of slots in use, above 0 and at most 1
   * @return this section
   */
  public BoundsSection map(
      String name, MemoryLayout key, MemoryLayout value, long entries, double loadFactor) {
    return map(name, key.byteSize(), value.byteSize(), entries, loadFactor);
  }

  /**
   * Adds an open hash table, see {@link #map(String, MemoryLayout, MemoryLayout, long, double)}.
   *
   * @param name what it is called
   * @param key the layout of a key
   * @param value the layout of a value
   * @param entries how many entries it holds
   * @param loadFactor the share of slots in use, above 0 and at most 1
   * @return this section
   */
  public BoundsSection map(
      String name, MemoryLayout key, MemoryLayout value, UsageExpr entries, double loadFactor) {
    return map(name, key.byteSize(), value.byteSize(), entries, loadFactor);
  }

  /**
   * Adds an open hash table, see {@link #map(String, MemoryLayout, MemoryLayout, long, double)}.
   *
   * @param name what it is called
   * @param keyBytes the size of a key
   * @param valueBytes the size of a value
   * @param entries how many entries it holds
   * @param loadFactor the share of slots in use, above 0 and at most 1
   * @return this section
   */
  public BoundsSection map(
      String name, long keyBytes, long valueBytes, long entries, double loadFactor) {
    return map(
        name, keyBytes, valueBytes, new UsageExpr.Constant(name + ".entries", entries), loadFactor);
  }

  /**
   * Adds an open hash table, see {@link #map(String, MemoryLayout, MemoryLayout, long, double)}.
   *
   * @param name what it is called
   * @param keyBytes the size of a key
   * @param valueBytes the size of a value
   * @param entries how many entries it holds
   * @param loadFactor the share of slots in use, above 0 and at most 1
   * @return this section
   */
  public BoundsSection map(
      String name, long keyBytes, long valueBytes, UsageExpr entries, double loadFactor) {
    return expression(
        UsageExpr.product(
            name,
            slots(name, entries, loadFactor),
            UsageExpr.sum(
                name + ".slot",
                new UsageExpr.StructSize(name + ".key", keyBytes),
                new UsageExpr.StructSize(name + ".value", valueBytes))));
  }

  /**
   * Adds an expression.
   *
   * @param expression its value is in bytes
   * @return this section
   */
  public BoundsSection expression(UsageExpr expression) {
    builder.checkOpen();
    Requirements.named(expression.name());
    expressions.add(expression);
    return this;
  }

  List<UsageExpr> expressions() {
    return expressions;
  }

  void clear() {
    expressions.clear();
  }

  private static UsageExpr slots(String name, UsageExpr entries, double loadFactor) {
    if (!(loadFactor > 0 && loadFactor <= 1)) {
      throw new IllegalArgumentException(
          "load factor of '" + name + "' is " + loadFactor + ": it must be above 0 and at most 1");
    }
    // The factor's own fraction, upside down: entries ÷ load factor is exact this way.
    UsageExpr.Scale used = UsageExpr.scale(name + ".slots", entries, loadFactor);
    return new UsageExpr.Scale(
        used.name(),
        entries,
        /* numerator= */ used.denominator(),
        /* denominator= */ used.numerator());
  }
}
