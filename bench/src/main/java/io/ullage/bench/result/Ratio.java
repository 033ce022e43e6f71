package io.ullage.bench.result;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * How many times better one implementation is than another, with the interval in which 95 % of the
 * repetitions would lie.
 *
 * <p>The peer counts with its best fork, ours with the median of its forks: chance works against
 * us. The interval comes from a bootstrap in two steps, as the figures were made in two steps:
 * forks are drawn with replacement, then iterations within each. A fixed seed makes the interval a
 * function of the figures.
 *
 * @param value ours against the peer's: 2 means that we take half its time
 * @param low the lower end of the interval
 * @param high the upper end
 */
public record Ratio(double value, double low, double high) {
  /** Enough for two stable digits of the interval's ends. */
  private static final int RESAMPLES = 2000;

  private static final long SEED = 42;

  /** An interval whose ends differ by more than this factor tells nothing about a goal near it. */
  private static final double NOISY_FACTOR = 1.5;

  /** Compares ours with a peer's. */
  public static Ratio of(Measurement ours, Measurement peer) {
    Random random = new Random(SEED);
    double[] ratios = new double[RESAMPLES];
    for (int i = 0; i < RESAMPLES; i++) {
      double own = Measurement.median(resampledMedians(ours, random));
      List<Double> others = resampledMedians(peer, random);
      double best =
          peer.isHigherBetter()
              ? others.stream().mapToDouble(Double::doubleValue).max().orElseThrow()
              : others.stream().mapToDouble(Double::doubleValue).min().orElseThrow();
      ratios[i] = better(ours, own, best);
    }
    Arrays.sort(ratios);
    return new Ratio(
        better(ours, ours.median(), peer.bestFork()),
        ratios[(int) (RESAMPLES * 0.025)],
        ratios[(int) (RESAMPLES * 0.975)]);
  }

  /** Whether either may be the faster one. */
  public boolean isUndecided() {
    return low < 1 && high > 1;
  }

  /** Whether the interval is so wide that it says little about how much. */
  public boolean isNoisy() {
    return high / low > NOISY_FACTOR;
  }

  private static double better(Measurement ours, double own, double best) {
    return ours.isHigherBetter() ? own / best : best / own;
  }

  private static List<Double> resampledMedians(Measurement measurement, Random random) {
    List<List<Double>> forks = measurement.forks();
    List<Double> medians = new ArrayList<>(forks.size());
    for (int f = 0; f < forks.size(); f++) {
      List<Double> fork = forks.get(random.nextInt(forks.size()));
      List<Double> iterations = new ArrayList<>(fork.size());
      for (int i = 0; i < fork.size(); i++) {
        iterations.add(fork.get(random.nextInt(fork.size())));
      }
      medians.add(Measurement.median(iterations));
    }
    return medians;
  }
}
