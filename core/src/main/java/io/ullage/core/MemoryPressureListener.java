package io.ullage.core;

/**
 * Called when a charge found no room, so that memory can be given back before the charge is tried
 * once more.
 *
 * <p>It runs on the thread that asked, without any lock held. If it throws, nothing is reserved and
 * the exception reaches the caller of {@code charge}.
 */
@FunctionalInterface
public interface MemoryPressureListener {
  /**
   * A charge was refused and will be tried once more after all listeners ran.
   *
   * @param requester the component that asked
   * @param refusal the levels, which had room and which had not
   */
  void onPressure(Component requester, MemoryLimitException refusal);
}
