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
  private final LeaseManager manager;
  private volatile @Nullable LeaseLoss loss;
  private @Nullable List<Consumer<? super LeaseLoss>> listeners;

  /** The notice of one lease of a manager. */
  LossNotice(LeaseManager manager) {
    this.manager = manager;
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
    manager.callBack(() -> listener.accept(lost));
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
      manager.callBack(() -> listener.accept(lost));
    }
  }
}
