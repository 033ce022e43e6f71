package io.ullage.lease;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * That a lease was lost, and who wants to know: each listener is told once, whether it came before
 * the loss or after it, on a thread of the manager's for callbacks.
 */
final class LossNotice {
  private final Consumer<Runnable> callbacks;
  private volatile @Nullable LeaseLoss loss;
  private @Nullable List<Consumer<? super LeaseLoss>> listeners;

  /** A notice whose listeners run on what {@code callbacks} is. */
  LossNotice(Consumer<Runnable> callbacks) {
    this.callbacks = callbacks;
  }

  /** What was posted. */
  Optional<LeaseLoss> loss() {
    return Optional.ofNullable(loss);
  }

  /** Tells a listener of the loss, now or when it comes. */
  void onLost(Consumer<? super LeaseLoss> listener) {
    LeaseLoss lost;
    synchronized (this) {
      lost = loss;
      if (lost == null) {
        if (listeners == null) {
          listeners = new ArrayList<>(1);
        }
        listeners.add(listener);
        return;
      }
    }
    callbacks.accept(() -> listener.accept(lost));
  }

  /** Says that the lease was lost; at most once. */
  void post(LeaseLoss lost) {
    synchronized (this) {
      loss = lost;
    }
  }

  /** Tells those who were listening; after {@link #post}. */
  void tell(LeaseLoss lost) {
    List<Consumer<? super LeaseLoss>> toCall;
    synchronized (this) {
      toCall = listeners == null ? List.of() : listeners;
      listeners = null;
    }
    for (Consumer<? super LeaseLoss> listener : toCall) {
      callbacks.accept(() -> listener.accept(lost));
    }
  }
}
