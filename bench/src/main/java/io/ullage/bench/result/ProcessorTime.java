package io.ullage.bench.result;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * What the system counted of all processors' time.
 *
 * @param ticks all of it, in the system's own unit
 * @param stolenTicks what a virtual machine's host gave to others while this one had work to do
 */
public record ProcessorTime(long ticks, long stolenTicks) {
  /** Above this share, figures say as much of the host's other guests as of a program. */
  private static final double NOTICEABLE = 0.01;

  private static final int FIRST_COUNT = 1;

  /** user, nice, system, idle, iowait, irq, softirq, steal; guests' times are in the first two. */
  private static final int COUNTS = 8;

  /** The time until now; none where the system does not count it. */
  public static ProcessorTime now() {
    return read(Path.of("/proc/stat"));
  }

  static ProcessorTime read(Path file) {
    try {
      List<String> lines = Files.readAllLines(file);
      String[] fields = lines.isEmpty() ? new String[0] : lines.getFirst().split(" +", -1);
      if (fields.length < FIRST_COUNT + COUNTS || !fields[0].equals("cpu")) {
        return new ProcessorTime(0, 0);
      }
      long ticks = 0;
      for (int i = 0; i < COUNTS; i++) {
        ticks += Long.parseLong(fields[FIRST_COUNT + i]);
      }
      return new ProcessorTime(ticks, Long.parseLong(fields[COUNTS]));
    } catch (IOException | NumberFormatException notTold) {
      return new ProcessorTime(0, 0);
    }
  }

  /** What was counted between an earlier time and this one. */
  public ProcessorTime since(ProcessorTime earlier) {
    return new ProcessorTime(ticks - earlier.ticks, stolenTicks - earlier.stolenTicks);
  }

  /** The stolen part of all of it, from 0 to 1. */
  public double stolenShare() {
    return ticks <= 0 ? 0 : (double) stolenTicks / ticks;
  }

  /** Whether so much was stolen that figures measured meanwhile are in doubt. */
  public boolean isNoisy() {
    return stolenShare() > NOTICEABLE;
  }

  /** The stolen part for a person. */
  public String percent() {
    return String.format(Locale.ROOT, "%.2f %%", 100 * stolenShare());
  }
}
