package io.ullage.core.bounds;

import java.util.Map;

/**
 * The values that an expression's {@link UsageExpr.Config} leaves take when it is evaluated.
 *
 * <p>Thread-safe if the implementation is; the ones made here are immutable.
 */
@FunctionalInterface
public interface UsageConfiguration {
  /**
   * Returns the value of one setting.
   *
   * @param name the setting's name
   * @param declaredValue the value that the expression was built with
   * @return the value to use, not negative
   */
  long valueOf(String name, long declaredValue);

  /** {@return the configuration that leaves every setting as it was declared} */
  static UsageConfiguration declared() {
    return (name, declaredValue) -> declaredValue;
  }

  /**
   * {@return a configuration that changes some settings and leaves the others as declared}
   *
   * @param values the changed settings by name; names that no expression uses have no effect here
   *     (see {@link ComponentBounds#withConfiguration}, which refuses them)
   */
  static UsageConfiguration of(Map<String, Long> values) {
    Map<String, Long> copy = Map.copyOf(values);
    return (name, declaredValue) -> copy.getOrDefault(name, declaredValue);
  }
}
