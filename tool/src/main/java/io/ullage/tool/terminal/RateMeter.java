package io.ullage.tool.terminal;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/** The rate of a count over its last seconds. For one thread. */
public final class RateMeter {
  /** Long enough to be steady to the eye, short enough to show a stall. */
  private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(3);

  private final Deque<Sample> samples = new ArrayDeque<>();

  private record Sample(long nanos, long amount) {}

  /** Notes that the count stood at {@code amount} at a time. */
  public void note(long nanos, long amount) {
    samples.addLast(new Sample(nanos, amount));
    while (samples.size() > 2 && nanos - samples.getFirst().nanos() > WINDOW_NANOS) {
      samples.removeFirst();
    }
  }

  /** How much the count grows in a second. */
  public double perSecond() {
    if (samples.size() < 2) {
      return 0;
    }
    Sample first = samples.getFirst();
    Sample last = samples.getLast();
    long nanos = last.nanos() - first.nanos();
    return nanos <= 0 ? 0 : (last.amount() - first.amount()) * 1e9 / nanos;
  }

  /** How many seconds {@code remaining} will take at this rate; empty while nothing moves. */
  public OptionalLong secondsFor(long remaining) {
    double rate = perSecond();
    return rate <= 0 ? OptionalLong.empty() : OptionalLong.of((long) Math.ceil(remaining / rate));
  }
}
