package io.ullage.spill.internal.queue;

import io.ullage.spill.StoreFullException;
import io.ullage.spill.StoreState;
import io.ullage.spill.StoreUnavailableException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** How the store did when it was last asked to write, and to read. Guarded by the queue's lock. */
final class StoreHealth {
  private StoreState writing = StoreState.OK;
  private StoreState reading = StoreState.OK;
  private @Nullable IOException writeFailure;
  private @Nullable IOException readFailure;
  private long failures;

  /** Says that a write ended; returns whether the state is another one now. */
  boolean wrote(@Nullable IOException failure) {
    StoreState before = writing;
    writeFailure = failure;
    if (failure == null) {
      writing = StoreState.OK;
    } else {
      failures++;
      writing = failure instanceof StoreFullException ? StoreState.FULL : StoreState.WRITE_FAILED;
    }
    return before != writing;
  }

  void wrotePart(String message) {
    writing = StoreState.PARTIAL;
    writeFailure = new StoreFullException(message);
    failures++;
  }

  /** Says that a read ended; returns whether the state is another one now. */
  boolean read(@Nullable IOException failure) {
    StoreState before = reading;
    readFailure = failure;
    failures += failure == null ? 0 : 1;
    reading = failure == null ? StoreState.OK : StoreState.READ_FAILED;
    return before != reading;
  }

  boolean takesNothing() {
    return writing == StoreState.FULL || writing == StoreState.WRITE_FAILED;
  }

  StoreState state() {
    return writing == StoreState.OK ? reading : writing;
  }

  String message() {
    IOException failure = writing == StoreState.OK ? readFailure : writeFailure;
    return failure == null ? "" : String.valueOf(failure.getMessage());
  }

  long failures() {
    return failures;
  }

  StoreUnavailableException unavailable(String queueName) {
    IOException failure = writeFailure;
    return new StoreUnavailableException(
        "queue " + queueName, writing, failure == null ? new IOException("no error") : failure);
  }
}
