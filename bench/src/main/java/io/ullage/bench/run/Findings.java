package io.ullage.bench.run;

import io.ullage.bench.result.Comparison;
import io.ullage.bench.result.Goal;
import io.ullage.bench.result.Measurement;
import java.io.PrintWriter;
import java.util.List;

/** Prints what was measured, for a person. */
final class Findings {
  private final PrintWriter out;

  Findings(PrintWriter out) {
    this.out = out;
  }

  /** Each scenario with all implementations, and how they compare with ours. */
  void compare(List<Measurement> measurements) {
    for (Comparison comparison : Comparison.of(measurements)) {
      comparison.lines().forEach(out::println);
    }
    out.println();
    out.flush();
  }

  /** Whether goals are met. */
  void judge(List<Goal.Outcome> outcomes) {
    if (!outcomes.isEmpty()) {
      out.println("Goals");
      for (Goal.Outcome outcome : outcomes) {
        out.printf(
            "  %-9s %s: %s, goal %s%n",
            outcome.verdict().words(),
            outcome.goal().what(),
            outcome.measured(),
            outcome.goal().boundText());
      }
      out.flush();
    }
  }
}
