package io.ullage.stress.soak;

import java.io.PrintStream;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * What a worker has done, and what it has to say to the process that started it: one message a
 * line, each with an end of its own, since a killed process may leave half a line behind.
 */
final class Tally {
  /** Ends a line that is complete. */
  static final String END = " .";

  static final String FIGURES = "figures";
  static final String VIOLATION = "violation";
  static final String HOLD = "hold";

  private final PrintStream out;
  private final LongAdder operations = new LongAdder();
  private final LongAdder checks = new LongAdder();
  private final LongAdder spilledBytes = new LongAdder();
  private final AtomicBoolean violated = new AtomicBoolean();

  Tally(PrintStream out) {
    this.out = out;
  }

  void operation() {
    operations.increment();
  }

  /** An invariant was checked; says so if it does not hold. */
  void check(boolean holds, String invariant, @Nullable Object seen) {
    checks.increment();
    if (!holds) {
      violation(invariant + ": " + seen);
    }
  }

  void spilled(long bytes) {
    spilledBytes.add(bytes);
  }

  void violation(String what) {
    violated.set(true);
    say(VIOLATION + " " + what.replaceAll("\\s+", " "));
  }

  void unexpected(String where, Throwable failure) {
    StringBuilder text = new StringBuilder(where + " threw " + failure);
    for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
      text.append(", because of ").append(cause);
    }
    StackTraceElement[] stack = failure.getStackTrace();
    for (int frame = 0; frame < Math.min(stack.length, 8); frame++) {
      text.append(" at ").append(stack[frame]);
    }
    violation(text.toString());
  }

  void hold(HoldLedger.Hold hold) {
    say(
        "%s %s %d %d %d"
            .formatted(HOLD, hold.key(), hold.token(), hold.fromNanos(), hold.untilNanos()));
  }

  void figures() {
    say("%s %d %d %d".formatted(FIGURES, operations.sum(), checks.sum(), spilledBytes.sum()));
  }

  boolean isViolated() {
    return violated.get();
  }

  private void say(String line) {
    synchronized (out) {
      out.print(line + END + "\n");
      out.flush();
    }
  }
}
