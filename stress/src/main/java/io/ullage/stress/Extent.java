package io.ullage.stress;

import java.util.List;

/**
 * How much jcstress runs. Two CPUs are enough for every extent: each test has two actors.
 *
 * @param name for a person
 * @param options what jcstress calls it
 */
record Extent(String name, List<String> options) {
  /** The shortest that still races: one short fork for each of jcstress's JVM configurations. */
  static final Extent SMOKE =
      new Extent(
          "smoke",
          List.of(
              "-m", "quick", "-f", "1", "-iters", "2", "-time", "100", "-sc", "false", "-af",
              "NONE"));

  /** Both actors compiled by every compiler, in every pair of them. */
  static final Extent QUICK =
      new Extent("quick", List.of("-m", "quick", "-f", "1", "-iters", "3", "-time", "200"));

  /** jcstress's own preset for a machine left alone with it. */
  static final Extent FULL = new Extent("full", List.of("-m", "tough"));

  /** Copies the options. */
  Extent {
    options = List.copyOf(options);
  }
}
