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

  /** Goals of which something was measured, and whether they are met. */
  List<Goal.Outcome> judge(List<Goal> goals, List<Measurement> measurements) {
    List<Goal.Outcome> outcomes =
        goals.stream()
            .map(goal -> goal.judge(measurements))
            .filter(outcome -> outcome.verdict() != Goal.Verdict.NOT_MEASURED)
            .toList();
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
    return outcomes;
  }
}
