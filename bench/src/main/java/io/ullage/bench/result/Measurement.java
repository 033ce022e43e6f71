package io.ullage.bench.result;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What one benchmark measured with one set of parameters.
 *
 * @param benchmark its full name
 * @param parameters all parameters but {@code impl}
 * @param impl the implementation measured; ours if there is no choice
 * @param threads how many threads ran it
 * @param mode JMH's short name of the mode: {@code avgt}, {@code sample}, {@code ss}, {@code thrpt}
 * @param unit the unit of all figures
 * @param forks for each fork the figure of each of its iterations
 * @param percentiles from percentile to figure; JMH computes them from what it has, so they say
 *     something about latency only in the mode {@code sample}
 */
public record Measurement(
    String benchmark,
    SortedMap<String, String> parameters,
    String impl,
    int threads,
    String mode,
    String unit,
    List<List<Double>> forks,
    SortedMap<Double, Double> percentiles) {
  private static final String SAMPLE = "sample";
  private static final double[] PERCENTILES = {0, 50, 90, 99, 99.9, 100};

  /** Copies everything and checks that there is a figure. */
  public Measurement {
    parameters = Collections.unmodifiableSortedMap(new TreeMap<>(parameters));
    percentiles = Collections.unmodifiableSortedMap(new TreeMap<>(percentiles));
    forks = forks.stream().filter(fork -> !fork.isEmpty()).map(List::copyOf).toList();
    if (forks.isEmpty()) {
      throw new IllegalArgumentException("forks: none of " + benchmark + " has a figure");
    }
  }

  /**
   * What single events took, all of them in one fork.
   *
   * @param samples what each took, at least one
   */
  public static Measurement ofSamples(
      String benchmark, SortedMap<String, String> parameters, String unit, long[] samples) {
    List<Double> sorted = Arrays.stream(samples).sorted().asDoubleStream().boxed().toList();
    SortedMap<Double, Double> percentiles = new TreeMap<>();
    for (double percentile : PERCENTILES) {
      int rank = (int) Math.ceil(percentile / 100 * sorted.size());
      percentiles.put(percentile, sorted.get(Math.max(rank, 1) - 1));
    }
    return new Measurement(
        benchmark, parameters, Comparison.OURS, 1, SAMPLE, unit, List.of(sorted), percentiles);
  }

  /** What two measurements share that may be compared. */
  public Scenario scenario() {
    return new Scenario(benchmark, parameters, threads);
  }

  /** Whether a greater figure is the better one. */
  public boolean isHigherBetter() {
    return mode.equals("thrpt");
  }

  /** Whether single operations were sampled, so that the percentiles say something of latency. */
  public boolean isSampled() {
    return mode.equals(SAMPLE);
  }

  /** The median of each fork's iterations, in the order of the forks. */
  public List<Double> forkMedians() {
    return forks.stream().map(Measurement::median).toList();
  }

  /** The median of the forks' medians. */
  public double median() {
    return median(forkMedians());
  }

  /**
   * The best fork's median: forks of one program differ by what its JIT and its caches happened to
   * do.
   */
  public double bestFork() {
    return isHigherBetter() ? Collections.max(forkMedians()) : Collections.min(forkMedians());
  }

  /** How many times the worst fork's median is of the best one's. */
  public double forkSpread() {
    List<Double> medians = forkMedians();
    return Collections.max(medians) / Collections.min(medians);
  }

  /**
   * The same measurement with the forks of another one added; each percentile is that of the fork
   * in which it was greatest.
   */
  public Measurement withForksOf(Measurement other) {
    List<List<Double>> all = new ArrayList<>(forks);
    all.addAll(other.forks);
    SortedMap<Double, Double> greatest = new TreeMap<>(percentiles);
    other.percentiles.forEach((percentile, value) -> greatest.merge(percentile, value, Math::max));
    return new Measurement(benchmark, parameters, impl, threads, mode, unit, all, greatest);
  }

  /** The same measurement with so much taken off each figure of its iterations. */
  public Measurement less(double overhead) {
    return new Measurement(
        benchmark,
        parameters,
        impl,
        threads,
        mode,
        unit,
        forks.stream()
            .map(fork -> fork.stream().map(figure -> figure - overhead).toList())
            .toList(),
        percentiles);
  }

  static double median(List<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  /**
   * A benchmark with its parameters, whatever the implementation.
   *
   * @param benchmark its full name
   * @param parameters all parameters but {@code impl}
   * @param threads how many threads ran it
   */
  public record Scenario(String benchmark, Map<String, String> parameters, int threads) {
    /**
     * The benchmark's class and method without the package, its parameters and its threads, for a
     * person.
     */
    public String title() {
      StringBuilder title = new StringBuilder(shortName());
      parameters.forEach((name, value) -> title.append(' ').append(name).append('=').append(value));
      if (threads > 1) {
        title.append(" threads=").append(threads);
      }
      return title.toString();
    }

    /** The benchmark's class and method without the package. */
    public String shortName() {
      int method = benchmark.lastIndexOf('.');
      return benchmark.substring(benchmark.lastIndexOf('.', method - 1) + 1);
    }
  }
}
