package io.ullage.bench.core;

import io.ullage.core.Component;
import io.ullage.core.ComponentRegistry;
import java.util.concurrent.TimeUnit;
import jdk.jfr.Event;
import jdk.jfr.Recording;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.Blackhole;

/** What a refused charge pays for its flight recorder event, recorded and not. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Thread)
public class RefusalEventBenchmark {
  /**
   * {@code ullage}: a refused charge while nobody records; {@code ullage-recorded}: while a
   * recording wants refusals; {@code event-off}: an event made and found disabled, all that the
   * refusal adds while nobody records; {@code none}: nothing.
   */
  @Param({"ullage", "ullage-recorded", "event-off", "none"})
  public String impl = "ullage";

  private final ComponentRegistry registry =
      ComponentRegistry.builder().limitBytes(0).withoutCounterFile().build();
  private final Component component = registry.component("a.b");
  private final Recording recording = new Recording();

  /** Starts to record, if that is wanted. */
  @Setup
  public void record() {
    if (impl.equals("ullage-recorded")) {
      recording.enable("io.ullage.Refusal").withoutStackTrace();
      recording.setToDisk(false);
      recording.start();
    }
  }

  /** Ends recording and registry. */
  @TearDown
  public void close() {
    recording.close();
    registry.close();
  }

  /** Is refused. */
  @Benchmark
  public void refuse(Blackhole sink) {
    switch (impl) {
      case "event-off" -> {
        Refusal event = new Refusal();
        if (event.isEnabled()) {
          event.commit();
        }
        sink.consume(1);
      }
      case "none" -> sink.consume(1);
      default -> sink.consume(component.tryCharge(1));
    }
  }

  private static final class Refusal extends Event {}
}
