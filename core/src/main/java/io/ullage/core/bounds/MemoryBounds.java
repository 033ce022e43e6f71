package io.ullage.core.bounds;

/**
 * Says how much memory a component needs, as a function of its configuration.
 *
 * <p>Implemented by the component itself, or written as a lambda. An object that wraps another one
 * delegates: it hands the builder on, or calls {@link BoundsBuilder#include}.
 *
 * <p>The method is called on the thread that collects the bounds, usually once before the program
 * starts and again for each what-if; it allocates nothing off the heap and has no other effect.
 */
@FunctionalInterface
public interface MemoryBounds {
  /**
   * Adds this component's bounds to a builder.
   *
   * @param builder where the bounds go; valid only during this call
   */
  void specifyBounds(BoundsBuilder builder);

  /** {@return bounds that need nothing} */
  static MemoryBounds none() {
    return builder -> {};
  }
}
