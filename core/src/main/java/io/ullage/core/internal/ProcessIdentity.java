package io.ullage.core.internal;

import java.time.Instant;

/** Tells a process from a later one with the same pid. */
public final class ProcessIdentity {
  /**
   * The start time is computed from the boot time, which moves with the wall clock's corrections.
   */
  private static final long TOLERANCE_MILLIS = 2_000;

  private ProcessIdentity() {}

  /** When the process began, in milliseconds since 1970; 0 when the system does not say. */
  public static long startMillis(ProcessHandle process) {
    return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
  }

  /** Whether the process with this pid that began at this time is alive. */
  public static boolean isAlive(long pid, long startMillis) {
    return ProcessHandle.of(pid)
        .filter(ProcessHandle::isAlive)
        .filter(process -> isSame(startMillis(process), startMillis))
        .isPresent();
  }

  private static boolean isSame(long startMillis, long otherStartMillis) {
    return startMillis == 0
        || otherStartMillis == 0
        || Math.abs(startMillis - otherStartMillis) <= TOLERANCE_MILLIS;
  }
}
