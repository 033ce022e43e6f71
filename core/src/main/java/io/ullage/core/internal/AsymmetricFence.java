package io.ullage.core.internal;

/**
 * A fence that only one side of a handshake pays for.
 *
 * <p>{@link #full()} makes every running thread of the process pass a full memory barrier. A side
 * that runs often may then do with a compiler barrier between its store and its load, where
 * otherwise both sides would need a full one.
 */
@FunctionalInterface
public interface AsymmetricFence {
  /**
   * Returns when every other thread has passed a full barrier since the call, or is not running.
   */
  void full();
}
