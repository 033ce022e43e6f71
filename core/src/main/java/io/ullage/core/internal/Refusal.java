package io.ullage.core.internal;

import io.ullage.core.LevelOutcome;
import java.util.List;

/** Takes down what the levels said when they refused a request. For one thread. */
public final class Refusal {
  private List<LevelOutcome> levels = List.of();

  /** What each level said; empty as long as nothing was refused. */
  public List<LevelOutcome> levels() {
    return levels;
  }

  void set(List<LevelOutcome> outcomes) {
    levels = outcomes;
  }
}
