package io.ullage.stress.soak;

import io.ullage.stress.soak.HoldLedger.Hold;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What happened in a soak. Thread-safe; a violation is also said at once. */
final class SoakReport {
  /** What goes wrong once goes wrong again and again. */
  private static final int MOST_VIOLATIONS_TOLD = 20;

  private final long seed;
  private final Consumer<String> progress;
  private final HoldLedger holds = new HoldLedger();
  private final List<String> violations = new ArrayList<>();
  private double minutes;
  private long operations;
  private long checks;
  private long spilledBytes;
  private long kills;
  private long stops;
  private long fullDiskPeriods;

  SoakReport(long seed, Consumer<String> progress) {
    this.seed = seed;
    this.progress = progress;
  }

  synchronized void violation(String what) {
    violations.add(what);
    if (violations.size() <= MOST_VIOLATIONS_TOLD) {
      progress.accept("violation: " + what);
    }
  }

  synchronized void check(boolean holds, String invariant, Object seen) {
    checks++;
    if (!holds) {
      violation(invariant + ": " + seen);
    }
  }

  synchronized void hold(Hold hold) {
    holds.add(hold).ifPresent(this::violation);
  }

  /** A worker has ended. */
  synchronized void ended(long itsOperations, long itsChecks, long itsSpilledBytes) {
    operations += itsOperations;
    checks += itsChecks;
    spilledBytes += itsSpilledBytes;
  }

  synchronized void killed() {
    kills++;
  }

  synchronized void stopped() {
    stops++;
  }

  synchronized void diskWasFull() {
    fullDiskPeriods++;
  }

  synchronized void lasted(double itsMinutes) {
    minutes = itsMinutes;
  }

  synchronized boolean isViolated() {
    return !violations.isEmpty();
  }

  synchronized String firstViolation() {
    return violations.getFirst();
  }

  /** The figures, for a line of JSON. */
  synchronized Map<String, @Nullable Object> figures() {
    Map<String, @Nullable Object> figures = new LinkedHashMap<>();
    figures.put("seed", seed);
    figures.put("minutes", minutes);
    figures.put("operations", operations);
    figures.put("spilled_bytes", spilledBytes);
    figures.put("kills", kills);
    figures.put("stops", stops);
    figures.put("full_disk_periods", fullDiskPeriods);
    figures.put("invariants_checked", checks + holds.checked());
    figures.put("violations", violations.size());
    return figures;
  }

  /** The figures, for a person. */
  synchronized String text() {
    return "%.1f minutes, seed %d: %,d operations, %,d MiB spilled; %d kills, %d stops, %d full-disk periods; %,d invariants checked, %d violations"
        .formatted(
            minutes,
            seed,
            operations,
            spilledBytes >> 20,
            kills,
            stops,
            fullDiskPeriods,
            checks + holds.checked(),
            violations.size());
  }
}
