package io.ullage.bench.run;

import java.util.Locale;
import org.openjdk.jmh.runner.options.TimeValue;

/** How much a run measures. */
public enum Preset {
  /**
   * Minutes: two forks, and of the parameters those that goals speak of, or the first value of
   * each.
   */
  QUICK(2, 3, 300, 3, 300),
  /** Hours: five forks of every value of every parameter, with every value of any one other. */
  FULL(5, 3, 400, 4, 400);

  private final int forks;
  private final int warmupIterations;
  private final int warmupMillis;
  private final int iterations;
  private final int iterationMillis;

  Preset(int forks, int warmupIterations, int warmupMillis, int iterations, int iterationMillis) {
    this.forks = forks;
    this.warmupIterations = warmupIterations;
    this.warmupMillis = warmupMillis;
    this.iterations = iterations;
    this.iterationMillis = iterationMillis;
  }

  int forks() {
    return forks;
  }

  int warmupIterations() {
    return warmupIterations;
  }

  TimeValue warmupTime() {
    return TimeValue.milliseconds(warmupMillis);
  }

  int iterations() {
    return iterations;
  }

  TimeValue iterationTime() {
    return TimeValue.milliseconds(iterationMillis);
  }

  /** What one fork takes at least: a JVM's start, the warm-up, the iterations. */
  double forkSeconds() {
    double jvmStartSeconds = 1.0;
    return jvmStartSeconds
        + (warmupIterations * warmupMillis + iterations * iterationMillis) / 1000.0;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
