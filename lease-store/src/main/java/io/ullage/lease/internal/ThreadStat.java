package io.ullage.lease.internal;

/**
 * What a line of {@code /proc/PID/stat} or {@code /proc/PID/task/TID/stat} says, as far as it
 * matters here.
 *
 * @param exiting whether the thread is on its way out of the kernel and will run no user code again
 *     (PF_EXITING)
 * @param startTicks when it started, in clock ticks since boot
 */
record ThreadStat(boolean exiting, long startTicks) {
  private static final long PF_EXITING = 0x4;

  // Fields as proc_pid_stat(5) counts them; the first after the parenthesis is the third.
  private static final int FIRST_FIELD = 3;
  private static final int FLAGS_FIELD = 9;
  private static final int START_FIELD = 22;

  /**
   * Reads a line. The command in parentheses may hold spaces and parentheses of its own, so fields
   * are counted from the last one.
   *
   * @throws IllegalArgumentException if it is no such line
   */
  static ThreadStat parse(String line) {
    int end = line.lastIndexOf(')');
    if (end < 0) {
      throw new IllegalArgumentException("stat line without a command: " + line);
    }
    String[] fields = line.substring(end + 2).split(" ", START_FIELD - FIRST_FIELD + 2);
    if (fields.length <= START_FIELD - FIRST_FIELD) {
      throw new IllegalArgumentException("stat line with too few fields: " + line);
    }
    return new ThreadStat(
        (Long.parseLong(fields[FLAGS_FIELD - FIRST_FIELD]) & PF_EXITING) != 0,
        Long.parseLong(fields[START_FIELD - FIRST_FIELD].strip()));
  }
}
