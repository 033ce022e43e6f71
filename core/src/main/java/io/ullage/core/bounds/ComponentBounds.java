package io.ullage.core.bounds;

import io.ullage.core.bounds.internal.BoundsText;
import io.ullage.core.bounds.internal.BoundsTree;
import io.ullage.core.bounds.internal.Evaluation;
import io.ullage.core.bounds.internal.Requirements;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The bounds of one component and of the components below it.
 *
 * <p>All amounts are bytes. The minimum is what a component cannot run without; the firm amount is
 * what it may use on top of the minimum. Immutable and thread-safe; totals are computed when the
 * object is made.
 */
public final class ComponentBounds {
  /** The path of the component at the top. */
  public static final String ROOT = "root";

  private final String path;
  private final UsageExpr minimum;
  private final UsageExpr firm;
  private final SortedMap<String, ComponentBounds> subcomponents;
  private final long ownMinimumBytes;
  private final long ownFirmBytes;
  private final long totalMinimumBytes;
  private final long totalFirmBytes;

  /** The path starts with {@code root}. */
  ComponentBounds(
      String path,
      UsageExpr minimum,
      UsageExpr firm,
      SortedMap<String, ComponentBounds> subcomponents) {
    this.path = path;
    this.minimum = minimum;
    this.firm = firm;
    this.subcomponents = Collections.unmodifiableSortedMap(new TreeMap<>(subcomponents));
    this.ownMinimumBytes = minimum.evaluate();
    this.ownFirmBytes = firm.evaluate();
    long minimumBytes = ownMinimumBytes;
    long firmBytes = add("firm total", ownMinimumBytes, ownFirmBytes);
    for (ComponentBounds below : this.subcomponents.values()) {
      minimumBytes = add("minimum total", minimumBytes, below.totalMinimumBytes);
      firmBytes = add("firm total", firmBytes, below.totalFirmBytes);
    }
    this.totalMinimumBytes = minimumBytes;
    this.totalFirmBytes = firmBytes;
  }

  /**
   * Collects the bounds of a whole program.
   *
   * @param root the bounds of the component at the top
   * @return the bounds of everything
   * @throws UsageOverflowException if a bound or a total does not fit into a {@code long}
   * @throws BoundsCycleException if the bounds contain themselves
   */
  public static ComponentBounds of(MemoryBounds root) {
    return BoundsBuilder.collect(root);
  }

  /**
   * {@return the dotted path as a registry knows it, either {@code root}, or {@code a.b} without
   * it}
   */
  public String path() {
    return path.equals(ROOT) ? ROOT : path.substring(ROOT.length() + 1);
  }

  /** {@return what the component itself cannot run without, the sum of its declarations} */
  public UsageExpr minimum() {
    return minimum;
  }

  /** {@return what the component itself may use on top of its minimum} */
  public UsageExpr firm() {
    return firm;
  }

  /** {@return the value of {@link #minimum}} */
  public long ownMinimumBytes() {
    return ownMinimumBytes;
  }

  /** {@return the value of {@link #firm}, without the minimum} */
  public long ownFirmBytes() {
    return ownFirmBytes;
  }

  /** {@return the minimum of the component and of all below it} */
  public long totalMinimumBytes() {
    return totalMinimumBytes;
  }

  /** {@return minimum plus firm amount of the component and of all below it} */
  public long totalFirmBytes() {
    return totalFirmBytes;
  }

  /** {@return the components directly below, sorted by name} */
  public SortedMap<String, ComponentBounds> subcomponents() {
    return subcomponents;
  }

  /**
   * {@return the bounds of a component below this one, or of this one}
   *
   * @param componentPath a dotted path from here, or {@code root} for this one
   */
  public Optional<ComponentBounds> find(String componentPath) {
    if (componentPath.equals(ROOT)) {
      return Optional.of(this);
    }
    ComponentBounds found = this;
    for (String segment : componentPath.split("\\.", -1)) {
      found = found.subcomponents.get(segment);
      if (found == null) {
        return Optional.empty();
      }
    }
    return Optional.of(found);
  }

  /** {@return the settings that the expressions use, here and below, with their declared values} */
  public SortedMap<String, Long> settings() {
    SortedMap<String, Long> settings = new TreeMap<>();
    collectSettings(settings);
    return Collections.unmodifiableSortedMap(settings);
  }

  /**
   * {@return the bounds that the same program would have with other settings}
   *
   * @param values the changed settings by name
   * @throws IllegalArgumentException if no expression uses one of the names, or a value is negative
   * @throws UsageOverflowException if a bound or a total does not fit into a {@code long}
   */
  public ComponentBounds withConfiguration(Map<String, Long> values) {
    SortedMap<String, Long> known = settings();
    for (Map.Entry<String, Long> entry : values.entrySet()) {
      if (!known.containsKey(entry.getKey())) {
        throw new IllegalArgumentException(
            "setting '" + entry.getKey() + "' is used by no bound: known are " + known.keySet());
      }
      Requirements.notNegative("setting '" + entry.getKey() + "'", entry.getValue());
    }
    return resolve(UsageConfiguration.of(values));
  }

  /**
   * {@return the bounds as a tree of maps, lists, strings and longs, ready to be written as JSON}
   * There stand under each component's name its expressions {@code min} and {@code firm} (see
   * {@link UsageExpr#toTree}), then the components below it, sorted by name. The whole stands under
   * the key {@code root}.
   */
  public Map<String, Object> toTree() {
    return Map.of(ROOT, BoundsTree.of(this));
  }

  /** {@return the bounds as lines of text with sizes in binary units, for people} */
  public String toText() {
    return BoundsText.of(this);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ComponentBounds that
        && path.equals(that.path)
        && minimum.equals(that.minimum)
        && firm.equals(that.firm)
        && subcomponents.equals(that.subcomponents);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * (31 * path.hashCode() + minimum.hashCode()) + firm.hashCode())
        + subcomponents.hashCode();
  }

  /** {@return the path and the totals} */
  @Override
  public String toString() {
    return path()
        + ": minimum "
        + BinarySize.formatExact(totalMinimumBytes)
        + ", firm total "
        + BinarySize.formatExact(totalFirmBytes);
  }

  private ComponentBounds resolve(UsageConfiguration configuration) {
    SortedMap<String, ComponentBounds> resolved = new TreeMap<>();
    subcomponents.forEach((name, below) -> resolved.put(name, below.resolve(configuration)));
    return new ComponentBounds(
        path,
        minimum.withConfiguration(configuration),
        firm.withConfiguration(configuration),
        resolved);
  }

  private void collectSettings(SortedMap<String, Long> settings) {
    Evaluation.collectSettings(minimum, settings);
    Evaluation.collectSettings(firm, settings);
    subcomponents.values().forEach(below -> below.collectSettings(settings));
  }

  private long add(String total, long left, long right) {
    if (Long.MAX_VALUE - left < right) {
      throw new UsageOverflowException(path + " (" + total + ")", left + " + " + right);
    }
    return left + right;
  }
}
