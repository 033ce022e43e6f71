package io.ullage.core.limiter.internal;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** One call that a limiter held back. */
@Name("io.ullage.Backpressure")
@Label("Backpressure")
@Category({"Ullage", "Memory"})
@Description("A caller was delayed because memory is nearly used up")
@StackTrace(false)
public final class BackpressureEvent extends Event {
  @Label("Component")
  @Description("The component on whose behalf the caller ran, root if none was entered")
  String component = "";

  @Label("Delay")
  @Description("The delay when the caller came; freed memory shortens it")
  @Timespan(Timespan.NANOSECONDS)
  long delayNanos;

  @Label("Source")
  @Description("Which of the limiter's sources was fullest")
  String source = "";

  @Label("Used Share")
  @Description("The share of its limit that was used, 1 at the limit")
  double ratio;

  /** Begins one; see {@link io.ullage.core.internal.FlightRecording}. */
  public static BackpressureEvent begun() {
    BackpressureEvent event = new BackpressureEvent();
    event.begin();
    return event;
  }

  /** Writes down what the event is about. */
  public void describe(String forComponent, long nanos, String fullestSource, double usedRatio) {
    component = forComponent;
    delayNanos = nanos;
    source = fullestSource;
    ratio = usedRatio;
  }
}
