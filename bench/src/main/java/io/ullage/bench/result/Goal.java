package io.ullage.bench.result;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A speed that Ullage promises, as {@code goals.json} holds it.
 *
 * @param what for a person
 * @param benchmark the end of the benchmark's full name
 * @param parameters what its parameters must be, apart from {@code impl}
 * @param impl whose speed
 * @param against the peer; empty for a goal in absolute figures
 * @param againstParameters what parameters of the peer's measurement must be, where they are others
 * @param less the control, whose best fork is taken off both figures first: what the benchmark
 *     itself costs; empty if there is none
 * @param kind how the bound is meant
 * @param bound the bound
 */
public record Goal(
    String what,
    String benchmark,
    SortedMap<String, String> parameters,
    String impl,
    String against,
    SortedMap<String, String> againstParameters,
    String less,
    Kind kind,
    double bound) {
  /** How a bound is meant. */
  public enum Kind {
    /** The peer's figure is at least this many times ours. */
    TIMES_FASTER("times faster"),
    /** Our figure is at most this many times the peer's. */
    TIMES_THE_TIME("times its time"),
    /** Our figure is at most this, in the benchmark's unit. */
    AT_MOST("at most"),
    /** Our figure exceeds the peer's by at most this, in the benchmark's unit. */
    AT_MOST_MORE("at most more"),
    /** The median of single operations is at most this, in the benchmark's unit. */
    P50_AT_MOST("p50 at most", 50),
    /** One in a hundred single operations exceeds this, in the benchmark's unit. */
    P99_AT_MOST("p99 at most", 99),
    /** One in a thousand single operations exceeds this, in the benchmark's unit. */
    P999_AT_MOST("p99.9 at most", 99.9);

    private final String words;
    private final double percentile;

    Kind(String words) {
      this(words, Double.NaN);
    }

    Kind(String words, double percentile) {
      this.words = words;
      this.percentile = percentile;
    }
  }

  /** Whether a goal is met. */
  public enum Verdict {
    /** Met, noise included. */
    MET,
    /** Missed, noise included. */
    MISSED,
    /** The machine was too noisy to tell. */
    TOO_NOISY,
    /** The benchmark was not run, or not with these parameters. */
    NOT_MEASURED;

    /** The verdict in words. */
    public String words() {
      return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
  }

  /**
   * A goal beside what was measured.
   *
   * @param goal the goal
   * @param verdict whether it is met
   * @param measured what was measured, for a person
   */
  public record Outcome(Goal goal, Verdict verdict, String measured) {}

  /** The goals that come with the benchmarks. */
  public static List<Goal> all() throws IOException {
    try (InputStream stream = Goal.class.getResourceAsStream("/goals.json")) {
      if (stream == null) {
        throw new IOException("goals.json is missing from the jar");
      }
      @Nullable Object file =
          JsonTree.parse(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
      List<Goal> goals = new ArrayList<>();
      for (@Nullable Object element : JsonTree.elements(file, "goals")) {
        goals.add(of(element));
      }
      return List.copyOf(goals);
    }
  }

  private static Goal of(@Nullable Object json) throws IOException {
    Object against = JsonTree.field(json, "against");
    String words = JsonTree.text(json, "kind");
    for (Kind kind : Kind.values()) {
      if (kind.words.equals(words)) {
        return new Goal(
            JsonTree.text(json, "what"),
            JsonTree.text(json, "benchmark"),
            parameters(json, "params"),
            JsonTree.field(json, "impl") instanceof String impl ? impl : Comparison.OURS,
            against instanceof String peer ? peer : "",
            parameters(json, "against_params"),
            JsonTree.field(json, "less") instanceof String control ? control : "",
            kind,
            JsonTree.number(json, "bound"));
      }
    }
    throw new IOException("kind is " + words + ", which is none");
  }

  private static SortedMap<String, String> parameters(@Nullable Object json, String field) {
    SortedMap<String, String> parameters = new TreeMap<>();
    JsonTree.fields(json, field)
        .forEach((name, value) -> parameters.put(name, String.valueOf(value)));
    return parameters;
  }

  /** Whether this goal speaks of a benchmark. */
  public boolean concerns(String benchmarkName) {
    return benchmarkName.endsWith("." + benchmark);
  }

  /** The bound in words. */
  public String boundText() {
    return switch (kind) {
      case TIMES_FASTER -> "≥ %s× faster".formatted(trimmed());
      case TIMES_THE_TIME -> "≤ %s× its time".formatted(trimmed());
      case AT_MOST -> "≤ %,.0f".formatted(bound);
      case AT_MOST_MORE -> "≤ %s more".formatted(trimmed());
      case P50_AT_MOST, P99_AT_MOST, P999_AT_MOST ->
          "%s ≤ %,.0f".formatted(kind.words.split(" ", -1)[0], bound);
    };
  }

  private String trimmed() {
    return Double.toString(bound).replaceFirst("\\.0$", "");
  }

  /** What goals come to, apart from those of which nothing was measured. */
  public static List<Outcome> outcomes(List<Goal> goals, List<Measurement> measurements) {
    return goals.stream()
        .map(goal -> goal.judge(measurements))
        .filter(outcome -> outcome.verdict() != Verdict.NOT_MEASURED)
        .toList();
  }

  /** Sets the goal beside the measurements of one run. */
  public Outcome judge(List<Measurement> measurements) {
    Optional<Measurement> ours = find(measurements, impl, parameters);
    SortedMap<String, String> others = new TreeMap<>(parameters);
    others.putAll(againstParameters);
    Optional<Measurement> peer = against.isEmpty() ? ours : find(measurements, against, others);
    Optional<Measurement> control = less.isEmpty() ? ours : find(measurements, less, parameters);
    if (ours.isEmpty() || peer.isEmpty() || control.isEmpty()) {
      return new Outcome(this, Verdict.NOT_MEASURED, "");
    }
    double overhead = less.isEmpty() ? 0 : control.get().bestFork();
    return switch (kind) {
      case TIMES_FASTER, TIMES_THE_TIME ->
          judge(Ratio.of(ours.get().less(overhead), peer.get().less(overhead)));
      case AT_MOST -> judge(ours.get(), 0);
      case AT_MOST_MORE -> judge(ours.get(), peer.get().bestFork());
      case P50_AT_MOST, P99_AT_MOST, P999_AT_MOST -> judgePercentile(ours.get());
    };
  }

  private Outcome judge(Ratio ratio) {
    boolean faster = kind == Kind.TIMES_FASTER;
    double least = faster ? bound : 1 / bound;
    Verdict verdict =
        ratio.low() >= least
            ? Verdict.MET
            : ratio.high() < least ? Verdict.MISSED : Verdict.TOO_NOISY;
    String measured =
        faster
            ? "%.2f× faster [%.2f, %.2f]".formatted(ratio.value(), ratio.low(), ratio.high())
            : "%.2f× its time [%.2f, %.2f]"
                .formatted(1 / ratio.value(), 1 / ratio.high(), 1 / ratio.low());
    return new Outcome(this, verdict, measured);
  }

  /** Absolute figures are judged by the forks: all within the bound, none, or some. */
  private Outcome judge(Measurement ours, double base) {
    List<Double> medians = ours.forkMedians();
    long within = medians.stream().filter(median -> median - base <= bound).count();
    Verdict verdict =
        within == medians.size() ? Verdict.MET : within == 0 ? Verdict.MISSED : Verdict.TOO_NOISY;
    return new Outcome(this, verdict, "%,.2f %s".formatted(ours.median() - base, ours.unit()));
  }

  private Outcome judgePercentile(Measurement ours) {
    Double figure = ours.percentiles().get(kind.percentile);
    return figure == null
        ? new Outcome(this, Verdict.NOT_MEASURED, "")
        : new Outcome(
            this,
            figure <= bound ? Verdict.MET : Verdict.MISSED,
            "%,.0f %s".formatted(figure, ours.unit()));
  }

  private Optional<Measurement> find(
      List<Measurement> measurements, String wanted, SortedMap<String, String> wantedParameters) {
    return measurements.stream()
        .filter(m -> concerns(m.benchmark()) && m.impl().equals(wanted))
        .filter(m -> m.parameters().entrySet().containsAll(wantedParameters.entrySet()))
        .findFirst();
  }
}
