package io.ullage.core.limiter;

import java.time.Duration;
import java.util.List;

/**
 * What a limiter has done so far.
 *
 * @param currentDelay the delay that a caller would meet now
 * @param delays how many calls were delayed
 * @param delayed how long they waited altogether
 * @param longestDelay how long the longest of them waited
 * @param sources what each source said last
 */
public record LimiterStatistics(
    Duration currentDelay,
    long delays,
    Duration delayed,
    Duration longestDelay,
    List<SourcePressure> sources) {
  /** Copies the list. */
  public LimiterStatistics {
    sources = List.copyOf(sources);
  }
}
