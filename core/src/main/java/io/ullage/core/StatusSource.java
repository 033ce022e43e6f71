package io.ullage.core;

import java.util.Map;

/**
 * Something with a state worth showing that core does not know: a queue, a lease manager, a pool.
 *
 * <p>Implementations are thread-safe; {@link #status()} is called by monitoring threads, should
 * take microseconds and must not block.
 */
public interface StatusSource {
  /**
   * What sort of thing this is, for example {@code queue} or {@code lease}.
   *
   * @return a constant
   */
  String kind();

  /**
   * Which one it is among its kind.
   *
   * @return a constant
   */
  String name();

  /**
   * The state at this moment.
   *
   * @return an immutable map in the order in which it should be shown, from names in {@code
   *     snake_case} to strings, numbers, booleans, or lists and maps of these
   */
  Map<String, Object> status();
}
