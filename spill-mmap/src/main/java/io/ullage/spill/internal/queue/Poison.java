package io.ullage.spill.internal.queue;

import io.ullage.spill.QueuePoisonedException;
import org.jspecify.annotations.Nullable;

/**
 * The failure that ended a queue, if one did; the first one counts. Guarded by the queue's lock.
 */
final class Poison {
  private final String queueName;
  private @Nullable String who;
  private @Nullable Throwable cause;

  Poison(String queueName) {
    this.queueName = queueName;
  }

  void set(String failedWho, Throwable failedCause) {
    if (cause == null) {
      who = failedWho;
      cause = failedCause;
    }
  }

  boolean isSet() {
    return cause != null;
  }

  /** {@return who failed and why; empty when nobody did} */
  String message() {
    Throwable failure = cause;
    if (failure == null) {
      return "";
    }
    String why = failure.getMessage();
    return who + ": " + (why == null ? failure.getClass().getSimpleName() : why);
  }

  void throwIfSet() {
    Throwable failure = cause;
    if (failure != null) {
      throw new QueuePoisonedException("queue " + queueName + ": " + who, failure);
    }
  }
}
