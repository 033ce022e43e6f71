package io.ullage.core.limiter.internal;

import io.ullage.core.limiter.DelayCurve;
import io.ullage.core.limiter.SourcePressure;
import io.ullage.core.limiter.UsageReading;
import io.ullage.core.limiter.UsageSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Combines sources into one delay: the highest ratio wins.
 *
 * <p>A source that cannot be read is left out until it can be again; the first failure of each is
 * reported. For one thread; {@link #pressures} may be called by any.
 */
public final class PressureGauge {
  private final DelayCurve curve;
  private final Consumer<String> warnings;
  private final List<Entry> entries;
  private volatile List<SourcePressure> pressures = List.of();

  /** Makes a gauge. */
  public PressureGauge(DelayCurve curve, List<UsageSource> sources, Consumer<String> warnings) {
    this.curve = curve;
    this.warnings = warnings;
    this.entries = sources.stream().map(Entry::new).toList();
  }

  /** Reads every source and returns the delay in nanoseconds. */
  public long readAllNanos() {
    entries.forEach(this::read);
    return delayNanos();
  }

  /** Reads the cheap sources again and returns the delay in nanoseconds. */
  public long readCheapNanos() {
    for (Entry entry : entries) {
      if (entry.source.isCheap()) {
        read(entry);
      }
    }
    return delayNanos();
  }

  /** Returns the last reading of each source. */
  public List<SourcePressure> pressures() {
    return pressures;
  }

  private long delayNanos() {
    double highest = 0;
    List<SourcePressure> current = new ArrayList<>(entries.size());
    for (Entry entry : entries) {
      UsageReading reading = entry.reading;
      current.add(new SourcePressure(entry.source.name(), Optional.ofNullable(reading)));
      if (reading != null) {
        highest = Math.max(highest, reading.ratio());
      }
    }
    pressures = List.copyOf(current);
    return curve.delayNanos(highest);
  }

  private void read(Entry entry) {
    try {
      entry.reading = entry.source.read();
    } catch (IOException | RuntimeException e) {
      entry.reading = null;
      if (!entry.reported) {
        entry.reported = true;
        warnings.accept(
            "the limiter goes on without its source '"
                + entry.source.name()
                + "', which cannot be read: "
                + e);
      }
    }
  }

  /** One source and what it said last. */
  private static final class Entry {
    private final UsageSource source;
    private @Nullable UsageReading reading;
    private boolean reported;

    Entry(UsageSource source) {
      this.source = source;
    }
  }
}
