package io.ullage.bench.result;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the system counted of all processors' time.
 *
 * @param ticks all of it, in the system's own unit
 * @param stolenTicks what a virtual machine's host gave to others while this one had work to do
 */
public record ProcessorTime(long ticks, long stolenTicks) {
  /** Above this share, figures say as much of the host's other guests as of a program. */
  private static final double NOTICEABLE = 0.01;

  private static final Pattern TEXT =
      Pattern.compile(".* % \\(([0-9]{1,18}) of ([0-9]{1,18}) ticks\\)");

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

  /** This time and another one together. */
  public ProcessorTime plus(ProcessorTime other) {
    return new ProcessorTime(ticks + other.ticks, stolenTicks + other.stolenTicks);
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

  /** The stolen part for a person, and what it was counted from, for {@link #parse}. */
  public String text() {
    return percent() + " (" + stolenTicks + " of " + ticks + " ticks)";
  }

  /** The time that a {@link #text} tells; none if it is no such text. */
  public static ProcessorTime parse(String text) {
    Matcher told = TEXT.matcher(text);
    return told.matches()
        ? new ProcessorTime(Long.parseLong(told.group(2)), Long.parseLong(told.group(1)))
        : new ProcessorTime(0, 0);
  }
}
