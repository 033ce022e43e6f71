package io.ullage.lease.internal;

/** Tells dead owners from living ones. */
@FunctionalInterface
public interface OwnerLiveness {
  /**
   * Whether a process is dead for certain: none of its threads will ever run user code again. A
   * stopped process is not dead, and neither is one of which nothing is known.
   *
   * @param process from {@link OwnerWord#process(int, int)}
   * @return true only if it is certain
   */
  boolean isDead(long process);
}
