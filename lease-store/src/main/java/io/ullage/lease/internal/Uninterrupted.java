package io.ullage.lease.internal;

import org.jspecify.annotations.Nullable;

/** Waits that no interrupt ends: the interrupt is there again afterwards. */
public final class Uninterrupted {
  /**
   * A wait, which is begun again after an interrupt.
   *
   * @param <T> what is waited for
   * @param <E> how it fails
   */
  @FunctionalInterface
  public interface Wait<T extends @Nullable Object, E extends Exception> {
    /**
     * Waits.
     *
     * @return what was waited for
     * @throws InterruptedException if the thread was interrupted
     * @throws E if it fails
     */
    T once() throws InterruptedException, E;
  }

  private Uninterrupted() {}

  /**
   * Waits, as often as it is interrupted.
   *
   * @param wait what to wait for; it must end by itself
   * @param <T> what is waited for
   * @param <E> how it fails
   * @return what was waited for
   * @throws E if it fails
   */
  public static <T extends @Nullable Object, E extends Exception> T await(Wait<T, E> wait)
      throws E {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return wait.once();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
