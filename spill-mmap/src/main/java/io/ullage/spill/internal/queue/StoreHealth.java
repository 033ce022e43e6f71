package io.ullage.spill.internal.queue;

import io.ullage.core.internal.FlightRecording;
import io.ullage.spill.StoreFullException;
import io.ullage.spill.StoreState;
import io.ullage.spill.StoreUnavailableException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** How the store did when it was last asked to write, and to read. Guarded by the queue's lock. */
final class StoreHealth {
  private final String queueName;
  private final int readAttempts;
  private StoreState writing = StoreState.OK;
  private StoreState reading = StoreState.OK;
  private @Nullable IOException writeFailure;
  private @Nullable IOException readFailure;
  private long failures;
  private int failedReads;

  /**
   * Makes the health of a store that is sound.
   *
   * @param readAttempts after how many failed reads in a row the reader is told
   */
  StoreHealth(String queueName, int readAttempts) {
    this.queueName = queueName;
    this.readAttempts = readAttempts;
  }

  /** Says that a write ended. */
  void wrote(@Nullable IOException failure) {
    StoreState before = state();
    writeFailure = failure;
    if (failure == null) {
      writing = StoreState.OK;
    } else {
      failures++;
      writing = failure instanceof StoreFullException ? StoreState.FULL : StoreState.WRITE_FAILED;
    }
    noteChange(before);
  }

  void wrotePart(String message) {
    StoreState before = state();
    writing = StoreState.PARTIAL;
    writeFailure = new StoreFullException(message);
    failures++;
    noteChange(before);
  }

  /** Says that a read ended. */
  void read(@Nullable IOException failure) {
    StoreState before = state();
    readFailure = failure;
    if (failure == null) {
      reading = StoreState.OK;
      failedReads = 0;
    } else {
      reading = StoreState.READ_FAILED;
      failures++;
      failedReads++;
    }
    noteChange(before);
  }

  /** One event for each change, however long a failure lasts. */
  private void noteChange(StoreState before) {
    StoreState now = state();
    if (before != now && FlightRecording.isPossible()) {
      StoreStateEvent.record(queueName, before, now, message());
    }
  }

  /** Whether reading has failed so often in a row that the reader is to be told. */
  boolean hasGivenUpReading() {
    return failedReads >= readAttempts;
  }

  StoreUnavailableException unreadable() {
    return new StoreUnavailableException("queue " + queueName, reading, failureOr(readFailure));
  }

  private static IOException failureOr(@Nullable IOException failure) {
    return failure == null ? new IOException("no error") : failure;
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

  StoreUnavailableException unavailable() {
    return new StoreUnavailableException("queue " + queueName, writing, failureOr(writeFailure));
  }
}
